using System.Net.Sockets;
using System.Runtime.InteropServices;
using ProxyCore.Loop;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Loop;

/// <summary>Parked sockets: what they tell, and what they don't tell any more.</summary>
[LinuxCalls("Only Linux parks sockets.")]
internal sealed class IdleSetTests
{
    private readonly List<SocketPair> _pairs = [];
    private readonly Member _owner = new();
    private IdleSet _idle = null!;

    [SetUp]
    public void Create() => _idle = IdleSet.TryCreate(_owner)!;

    [TearDown]
    public void Dispose()
    {
        _idle.Dispose();
        _pairs.ForEach(static pair => pair.Dispose());
        _pairs.Clear();
    }

    [Test]
    public void A_quiet_socket_tells_nothing()
    {
        Park(Interest.Read);

        Assert.That(Collected(), Is.Empty);
        Assert.That(_idle.Count, Is.EqualTo(1));
    }

    [Test]
    public void Its_descriptor_is_readable_when_a_parked_socket_is()
    {
        (_, SocketPair pair) = Park(Interest.Read);
        Assert.That(_idle.Socket.Poll(0, SelectMode.SelectRead), Is.False);

        pair.Far.Send([1]);

        Assert.That(_idle.Socket.Poll(1_000_000, SelectMode.SelectRead), Is.True);
    }

    [Test]
    public void Bytes_are_told_again_until_they_are_read()
    {
        (Watched watched, SocketPair pair) = Park(Interest.Read);
        pair.Far.Send([1]);
        pair.Near.WaitReadable();

        Assert.That(Collected(), Is.EqualTo(new[] { (watched, Interest.Read) }));
        Assert.That(Collected(), Is.EqualTo(new[] { (watched, Interest.Read) }));
        pair.Near.ReceiveExactly(1);
        Assert.That(Collected(), Is.Empty);
    }

    [Test]
    public void Who_can_say_whether_it_is_drained_is_told_of_bytes_once_and_of_more_again()
    {
        (Probe watched, SocketPair pair) = Park(Interest.Read, drained: true);
        pair.Far.Send([1]);
        pair.Near.WaitReadable();

        Assert.That(Collected(), Is.EqualTo(new[] { (watched, Interest.Read) }));
        Assert.That(Collected(), Is.Empty);
        pair.Far.Send([2]);
        Assert.That(() => Collected().Count, Is.EqualTo(1).After(5).Seconds.PollEvery(1));
    }

    [TestCase("bytes", false)]
    [TestCase("FIN", true)]
    [TestCase("RST", true)]
    [TestCase("urgent data", true)]
    public void It_tells_when_a_short_read_will_not_mean_that_nothing_is_left(string what, bool more)
    {
        (_, SocketPair pair) = Park(Interest.Read, drained: true);
        pair.Far.Send([1]);
        Act(pair, what);
        Assert.That(pair.Near.Poll(SocketPair.Patience, SelectMode.SelectRead), Is.True);

        Collected();

        Assert.That(_idle.ReportsMoreThanBytes, Is.EqualTo(more));
    }

    [TestCase("bytes")]
    [TestCase("FIN")]
    [TestCase("RST")]
    public void What_came_before_the_parking_is_told(string what)
    {
        SocketPair pair = Connect();
        Act(pair, what);
        pair.Near.WaitReadable();

        Watched watched = Park(pair, Interest.Read);

        Assert.That(Collected(), Is.EqualTo(new[] { (watched, Interest.Read) }));
    }

    [TestCase("bytes")]
    [TestCase("FIN")]
    [TestCase("RST")]
    public void What_comes_while_it_is_parked_is_told(string what)
    {
        (Watched watched, SocketPair pair) = Park(Interest.Read);

        Act(pair, what);
        pair.Near.WaitReadable();

        Assert.That(Collected(), Is.EqualTo(new[] { (watched, Interest.Read) }));
    }

    [Test]
    public void Room_in_the_send_buffer_is_told_to_who_waits_for_it()
    {
        SocketPair pair = Connect();
        int sent = pair.Near.FillSendBuffer();
        Watched watched = Park(pair, Interest.Write);
        Assert.That(Collected(), Is.Empty);

        pair.Far.ReceiveExactly(sent);
        pair.Near.Poll(1_000_000, SelectMode.SelectWrite);

        Assert.That(Collected(), Is.EqualTo(new[] { (watched, Interest.Write) }));
    }

    [Test]
    public void Both_kinds_are_told_one_after_the_other_writes_first()
    {
        SocketPair pair = Connect();
        pair.Far.Send([1]);
        pair.Near.WaitReadable();

        Watched watched = Park(pair, Interest.Read | Interest.Write);

        Assert.That(Collected(), Is.EqualTo(new[] { (watched, Interest.Write), (watched, Interest.Read) }));
    }

    [Test]
    public void A_reset_is_told_only_for_what_is_waited_for()
    {
        (Watched watched, SocketPair pair) = Park(Interest.Write);

        pair.Far.Close(0);
        pair.Near.WaitReadable();

        Assert.That(Collected(), Is.EqualTo(new[] { (watched, Interest.Write) }));
    }

    [Test]
    public void Who_left_in_the_midst_of_a_batch_is_not_told_any_more()
    {
        (Watched first, SocketPair one) = Park(Interest.Read);
        (Watched second, SocketPair two) = Park(Interest.Read);
        SendToBoth(one, two);

        _idle.Collect();
        Assert.That(_idle.TryTakeReady(out Watched taken, out _), Is.True);
        _idle.Remove(taken == first ? second : first);

        Assert.That(_idle.TryTakeReady(out _, out _), Is.False);
    }

    [Test]
    public void Who_left_between_its_two_kinds_is_not_told_the_second()
    {
        SocketPair pair = Connect();
        pair.Far.Send([1]);
        pair.Near.WaitReadable();
        Park(pair, Interest.Read | Interest.Write);

        _idle.Collect();
        _idle.TryTakeReady(out Watched taken, out _);
        _idle.Remove(taken);

        Assert.That(_idle.TryTakeReady(out _, out _), Is.False);
    }

    [Test]
    public void Who_comes_in_the_place_and_with_the_descriptor_of_another_is_not_told_of_the_others_event()
    {
        (Watched first, SocketPair one) = Park(Interest.Read);
        (Watched second, SocketPair two) = Park(Interest.Read);
        SendToBoth(one, two);
        _idle.Collect();
        _idle.TryTakeReady(out Watched taken, out _);
        SocketPair closed = taken == first ? two : one;
        nint descriptor = closed.Near.Handle;
        _idle.Remove(taken == first ? second : first);
        closed.Near.Dispose();

        // The system gives the lowest free descriptor: it comes back within a few sockets.
        SocketPair pair;
        do
        {
            pair = Connect();
        }
        while (pair.Near.Handle != descriptor && pair.Far.Handle != descriptor && _pairs.Count < 20);

        Socket heir = pair.Near.Handle == descriptor ? pair.Near : pair.Far;
        Assert.That(heir.Handle, Is.EqualTo(descriptor));
        Park(heir, Interest.Read);

        Assert.That(_idle.TryTakeReady(out _, out _), Is.False);
        Assert.That(Collected().Select(static one => one.Watched), Is.EqualTo(new[] { taken }));
    }

    [Test]
    public void Who_was_disposed_of_behind_its_back_can_still_be_removed()
    {
        (Watched watched, SocketPair pair) = Park(Interest.Read);

        pair.Near.Dispose();
        _idle.Remove(watched);

        Assert.That((_idle.Count, watched.IsParked), Is.EqualTo((0, false)));
    }

    [Test]
    public void A_disposed_socket_is_refused()
    {
        SocketPair pair = Connect();
        var watched = new Probe(pair.Near, _owner) { Interest = Interest.Read };
        SafeHandle handle = pair.Near.SafeHandle;
        pair.Near.Dispose();

        Assert.That(() => _idle.TryAdd(watched), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That((_idle.Count, watched.IsParked, handle.IsClosed), Is.EqualTo((0, false, true)));
    }

    [Test]
    public void Hundreds_that_are_ready_at_once_are_all_told_batch_by_batch()
    {
        Watched[] parked = [.. Enumerable.Range(0, 300).Select(_ => Park(Interest.Read).Watched)];
        _pairs.ForEach(static pair => pair.Far.Send([1]));
        _pairs.ForEach(static pair => pair.Near.WaitReadable());

        var told = new HashSet<Watched>();
        for (int batch = 0; batch < 10; batch++)
        {
            (Watched Watched, Interest Ready)[] events = [.. Collected()];
            Assert.That(events, Has.Length.LessThanOrEqualTo(IdleSet.BatchSize));
            foreach ((Watched watched, _) in events)
            {
                told.Add(watched);
                watched.Socket.ReceiveExactly(1);
            }
        }

        Assert.That(told, Is.EquivalentTo(parked));
    }

    [Test]
    public void Places_are_used_again()
    {
        for (int round = 0; round < 1000; round++)
        {
            (Watched watched, SocketPair pair) = Park(Interest.Read);
            _idle.Remove(watched);
            pair.Dispose();
        }

        (Watched last, SocketPair lastPair) = Park(Interest.Read);
        Assert.That((_idle.Count, last.ParkedAt), Is.EqualTo((1, 1)));
        lastPair.Far.Send([1]);
        lastPair.Near.WaitReadable();
        Assert.That(Collected(), Is.EqualTo(new[] { (last, Interest.Read) }));
    }

    private static void Act(SocketPair pair, string what)
    {
        switch (what)
        {
            case "bytes":
                pair.Far.Send([1]);
                break;
            case "urgent data":
                pair.Far.Send([1], SocketFlags.OutOfBand);
                pair.Far.Send([2]);
                break;
            case "FIN":
                pair.Far.Shutdown(SocketShutdown.Send);
                break;
            default:
                pair.Far.Close(0);
                break;
        }
    }

    private static void SendToBoth(SocketPair one, SocketPair two)
    {
        one.Far.Send([1]);
        two.Far.Send([1]);
        one.Near.WaitReadable();
        two.Near.WaitReadable();
    }

    private SocketPair Connect()
    {
        var pair = SocketPair.Connect();
        _pairs.Add(pair);
        return pair;
    }

    private (Probe Watched, SocketPair Pair) Park(Interest interest, bool? drained = null)
    {
        SocketPair pair = Connect();
        return (Park(pair, interest, drained), pair);
    }

    private Probe Park(SocketPair pair, Interest interest, bool? drained = null) => Park(pair.Near, interest, drained);

    private Probe Park(Socket socket, Interest interest, bool? drained = null)
    {
        var watched = new Probe(socket, _owner) { Interest = interest, Drained = drained };
        Assert.That(_idle.TryAdd(watched), Is.True);
        return watched;
    }

    private List<(Watched Watched, Interest Ready)> Collected()
    {
        _idle.Collect();
        var told = new List<(Watched Watched, Interest Ready)>();
        while (_idle.TryTakeReady(out Watched watched, out Interest ready))
        {
            told.Add((watched, ready));
        }

        return told;
    }
}
