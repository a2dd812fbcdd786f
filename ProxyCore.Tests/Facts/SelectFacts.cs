using System.Diagnostics;
using System.IO.Pipes;
using System.Net.Sockets;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Facts;

/// <summary>What Socket.Select does, as far as the loop rests on it.</summary>
internal sealed class SelectFacts
{
    private readonly List<SocketPair> _pairs = [];

    [TearDown]
    public void ClosePairs()
    {
        _pairs.ForEach(static pair => pair.Dispose());
        _pairs.Clear();
    }

    // SocketSet implements these four and no others.
    [Test]
    public void Select_uses_only_Count_the_getter_RemoveAt_and_Clear()
    {
        string[] expected = [nameof(RecordingList.Count), "getter", nameof(RecordingList.RemoveAt), nameof(RecordingList.Clear)];
        var mixed = new RecordingList(Readable(), Quiet(), Readable());
        var quiet = new RecordingList(Quiet(), Quiet());

        Socket.Select(mixed, null, null, 0);
        Socket.Select(quiet, null, null, 0);

        Assert.That(mixed.Used.Union(quiet.Used), Is.SubsetOf(expected));
        Assert.That(mixed.Items, Has.Count.EqualTo(2));
        Assert.That(quiet.Items, Is.Empty);
    }

    // SocketSet.RemoveAt swaps in the last visible entry: one that Select has looked at already.
    [Test]
    [Platform(Exclude = "Win")]
    public void Select_filters_in_place_walking_backwards()
    {
        var list = new RecordingList(Quiet(), Readable(), Quiet(), Readable(), Quiet());

        Socket.Select(list, null, null, 0);

        Assert.That(list.Removed, Is.EqualTo([4, 2, 0]));
    }

    // LoopClock rounds up to whole milliseconds.
    [Test]
    [Platform("Linux")]
    public void Select_does_not_wait_at_all_for_less_than_a_millisecond()
    {
        Socket quiet = Quiet();

        // The shortest of several series: what disturbs one only adds to it.
        double shortest = Enumerable.Range(0, 10).Min(_ =>
        {
            var watch = Stopwatch.StartNew();
            for (int i = 0; i < 100; i++)
            {
                Socket.Select(new List<Socket> { quiet }, null, null, 999);
            }

            return watch.Elapsed.TotalMilliseconds;
        });

        Assert.That(shortest, Is.LessThan(70), "100 waits of 999 µs take 99.9 ms");
    }

    // A pipe that has seen the end wants no more reads, or the loop would spin.
    [Test]
    public void Select_shows_a_socket_as_readable_for_ever_once_its_end_of_stream_was_read()
    {
        SocketPair pair = Pair();
        pair.Far.Shutdown(SocketShutdown.Send);
        pair.Near.WaitReadable();
        Assert.That(pair.Near.TryReceive(), Is.EqualTo((0, SocketError.Success)));

        for (int i = 0; i < 3; i++)
        {
            Assert.That(Select(pair.Near), Is.EqualTo((true, true)));
        }
    }

    // SelectPoller leaves the error list out on Unix.
    [Test]
    public void Select_shows_a_reset_in_the_read_list_and_in_the_write_list()
    {
        SocketPair pair = Pair();
        pair.Near.FillSendBuffer();
        Assert.That(Select(pair.Near), Is.EqualTo((false, false)));

        pair.Far.Close(0);
        pair.Near.WaitReadable();

        Assert.That(Select(pair.Near), Is.EqualTo((true, true)));
    }

    // The other reason for leaving the error list out.
    [Test]
    [Platform("Linux")]
    public void Select_returns_at_once_with_an_empty_error_list_for_a_socket_closed_both_ways()
    {
        SocketPair pair = Pair();
        pair.Near.Shutdown(SocketShutdown.Send);
        pair.Far.Dispose();
        pair.Near.WaitReadable();
        var errors = new List<Socket> { pair.Near };
        var watch = Stopwatch.StartNew();

        Socket.Select(null, null, errors, 10_000_000);

        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That(errors, Is.Empty);
    }

    // LoopSignal waits on a pipe.
    [Test]
    [Platform(Exclude = "Win")]
    public void Select_waits_for_an_anonymous_pipe_wrapped_as_a_socket()
    {
        using var reader = new AnonymousPipeServerStream(PipeDirection.In);
        using var writer = new AnonymousPipeClientStream(PipeDirection.Out, reader.ClientSafePipeHandle);
        using var socket = new Socket(new SafeSocketHandle(reader.SafePipeHandle.DangerousGetHandle(), ownsHandle: false));
        Assert.That(Select(socket).Readable, Is.False);

        writer.WriteByte(1);

        Assert.That(Select(socket).Readable, Is.True);
    }

    // SelectLoop turns it into the fault of one owner.
    [Test]
    public void Select_throws_ObjectDisposedException_for_a_disposed_socket()
    {
        SocketPair pair = Pair();
        pair.Near.Dispose();

        Assert.That(() => Select(pair.Near), Throws.TypeOf<ObjectDisposedException>());
    }

    private static (bool Readable, bool Writable) Select(Socket socket)
    {
        List<Socket> read = [socket];
        List<Socket> write = [socket];
        Socket.Select(read, write, null, 0);
        return (read.Count == 1, write.Count == 1);
    }

    private SocketPair Pair()
    {
        var pair = SocketPair.Connect();
        _pairs.Add(pair);
        return pair;
    }

    private Socket Quiet() => Pair().Near;

    private Socket Readable()
    {
        SocketPair pair = Pair();
        pair.Far.Send([1]);
        pair.Near.WaitReadable();
        return pair.Near;
    }
}
