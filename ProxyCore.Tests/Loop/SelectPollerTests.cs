using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Loop;

/// <summary>Sockets between Select's lists and the idle set: what is told, and where each stands after that.</summary>
[LinuxCalls("Only Linux parks sockets.")]
internal sealed class SelectPollerTests
{
    private readonly List<SocketPair> _pairs = [];
    private readonly Member _owner = new();
    private SelectPoller _poller = null!;

    [SetUp]
    public void Create() =>
        _poller = new SelectPoller(_owner, new ParkingPolicy(fewSockets: 0, quietSelects: 1, busyLooks: byte.MaxValue));

    [TearDown]
    public void Dispose()
    {
        _poller.Dispose();
        _pairs.ForEach(static pair => pair.Dispose());
        _pairs.Clear();
    }

    [Test]
    public void A_quiet_socket_is_parked_by_the_Select_that_finds_it_so()
    {
        (Probe probe, _) = Watch();
        Assert.That(probe.IsParked, Is.False);

        _poller.Wait(0);

        Assert.That((probe.IsParked, _poller.Parked, _poller.Watching), Is.EqualTo((true, 1, 1)));
    }

    [Test]
    public void A_parked_socket_that_is_drained_stays_and_is_told_of_what_comes_next()
    {
        (Probe probe, SocketPair pair) = Parked();
        for (byte sent = 0; sent < 3; sent++)
        {
            pair.Far.Send([sent]);
            Assert.That(Told(), Is.EqualTo(new[] { probe }));
            Assert.That(pair.Near.ReceiveExactly(1), Is.EqualTo(new[] { sent }));
            Handled(probe, drained: true);
        }

        Assert.That(probe.IsParked, Is.True);
    }

    [Test]
    public void A_parked_socket_that_has_left_bytes_is_told_of_them_again()
    {
        (Probe probe, SocketPair pair) = Parked();
        pair.Far.Send([1, 2]);
        Assert.That(Told(), Is.EqualTo(new[] { probe }));
        pair.Near.ReceiveExactly(1);

        Handled(probe, drained: false);

        Assert.That(probe.IsParked, Is.False);
        Assert.That(Told(), Is.EqualTo(new[] { probe }));
    }

    [Test]
    public void An_end_behind_bytes_is_told_after_a_read_that_took_all_bytes()
    {
        (Probe probe, SocketPair pair) = Parked();
        pair.Far.Send([1]);
        pair.Far.Shutdown(SocketShutdown.Send);
        SpinWait.SpinUntil(() => EndHasCome(pair.Near), SocketPair.Patience);
        Assert.That(Told(), Is.EqualTo(new[] { probe }));
        pair.Near.ReceiveExactly(1);

        Handled(probe, drained: true);

        Assert.That(Told(), Is.EqualTo(new[] { probe }));
        Assert.That(pair.Near.TryReceive(), Is.EqualTo((0, SocketError.Success)));
    }

    [Test]
    public void Bytes_behind_urgent_data_are_told_after_a_read_that_ended_there()
    {
        (Probe probe, SocketPair pair) = Parked();
        pair.Far.Send([1]);
        pair.Far.Send([2], SocketFlags.OutOfBand);
        pair.Far.Send([3]);
        Assert.That(pair.Near.Poll(SocketPair.Patience, SelectMode.SelectError), Is.True, "the urgent byte has come");
        Assert.That(Told(), Is.EqualTo(new[] { probe }));
        Assert.That(pair.Near.TryReceive().Count, Is.EqualTo(1), "tcp(7): a read stops at the mark");

        Handled(probe, drained: true);

        Assert.That(Told(), Is.EqualTo(new[] { probe }));
        Assert.That(pair.Near.ReceiveExactly(1), Is.EqualTo(new byte[] { 3 }));
    }

    [Test]
    public void A_socket_that_is_ready_at_every_look_returns_to_Selects_list()
    {
        (Probe probe, SocketPair pair) = Parked();
        for (int look = 0; look < byte.MaxValue && probe.IsParked; look++)
        {
            pair.Far.Send([1]);
            Assert.That(Told(), Is.EqualTo(new[] { probe }));
            pair.Near.ReceiveExactly(1);
            Handled(probe, drained: true);
        }

        Assert.That((probe.IsParked, _poller.Watching), Is.EqualTo((false, 1)));
    }

    private static bool EndHasCome(Socket socket)
    {
        // Readable, with so many bytes and the end behind them: only the state of the connection tells (tcp_info).
        const byte CloseWait = 8;
        Span<byte> info = stackalloc byte[8];
        socket.GetRawSocketOption(6, 11, info);
        return info[0] == CloseWait;
    }

    private (Probe Probe, SocketPair Pair) Watch()
    {
        var pair = SocketPair.Connect();
        _pairs.Add(pair);
        var probe = new Probe(pair.Near, _owner) { Drained = true };
        _poller.SetInterest(probe, Interest.Read);
        return (probe, pair);
    }

    private (Probe Probe, SocketPair Pair) Parked()
    {
        (Probe probe, SocketPair pair) = Watch();
        _poller.Wait(0);
        Assert.That(probe.IsParked, Is.True);
        return (probe, pair);
    }

    private void Handled(Probe probe, bool drained)
    {
        probe.Drained = drained;
        _poller.NoteHandled(probe);
    }

    private List<Watched> Told()
    {
        _poller.Wait((int)SocketPair.Patience.TotalMicroseconds);
        var told = new List<Watched>();
        while (_poller.TryTakeReady(out Watched watched, out Interest ready))
        {
            if (watched is IdleSet)
            {
                watched.OnReady(ready);
                continue;
            }

            told.Add(watched);
        }

        return told;
    }
}
