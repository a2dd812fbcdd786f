using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Relay;
using ProxyCore.Relay.Stages;
using ProxyCore.Settings;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Relay;

/// <summary>A direction with a bandwidth, each test from either side.</summary>
[TestFixture(ConnectionSide.Client)]
[TestFixture(ConnectionSide.Upstream)]
internal sealed class BandwidthStageTests(ConnectionSide source)
{
    private const int BytesPerSecond = 10_000;
    private const int Burst = 1000;
    private const int Quantum = 256;
    private static readonly TimeSpan _turn = TimeSpan.FromSeconds((double)Quantum / BytesPerSecond);

    private readonly ConnectionSide _sink = RelayPeers.Other(source);
    private BandwidthBucket _bucket = null!;
    private RelayPeers _peers = null!;

    private PipePair Pipes => _peers.Pipes;

    [SetUp]
    public void Open()
    {
        _bucket = new BandwidthBucket(new BandwidthLimit(new Rate(BytesPerSecond, Burst)));
        _peers = new RelayPeers((_, _) => LayersWith(new BandwidthStage(_bucket, TimeSpan.Zero)));
        _peers.Now = TimeSpan.FromSeconds(1);
    }

    [TearDown]
    public void Close() => _peers.Dispose();

    [Test]
    public void A_burst_is_read_however_large_the_buffer_and_then_the_source_waits()
    {
        _peers.Peer(source).Send(SocketSteps.Pattern(5000));

        Assert.That(_peers.Read(source), Has.Length.EqualTo(Burst));

        Assert.That(_peers.Peer(_sink).ReceiveExactly(Burst), Is.EqualTo(SocketSteps.Pattern(5000)[..Burst]));
        Assert.That(
            (Pipes.InterestIn(source), Pipes.InterestIn(_sink), Pipes.WaitsForTime, _peers.Pool.Rented),
            Is.EqualTo((Interest.Reset, Interest.Read, true, 0L)));
        Assert.That(Pipes.NextDue(_peers.Now), Is.EqualTo(_peers.Now + _turn));
    }

    [Test]
    public void A_source_that_waits_goes_on_when_it_is_due_and_not_before()
    {
        _peers.Peer(source).Send(SocketSteps.Pattern(5000));
        _peers.Read(source);

        _peers.Advance(_turn - TimeSpan.FromTicks(1));
        Assert.That(Pipes.WaitsForTime, Is.True);
        _peers.Advance(TimeSpan.FromTicks(1));

        Assert.That((Pipes.InterestIn(source), Pipes.WaitsForTime, Pipes.NextDue(_peers.Now)), Is.EqualTo((Interest.Read, false, (TimeSpan?)null)));
        Assert.That(_peers.Read(source), Has.Length.EqualTo(Quantum));
    }

    [Test]
    public void A_turn_that_comes_late_brings_the_next_one_nearer()
    {
        _peers.Peer(source).Send(SocketSteps.Pattern(5000));
        _peers.Read(source);
        TimeSpan begin = _peers.Now;

        _peers.Advance(_turn + TimeSpan.FromMilliseconds(5));
        _peers.Read(source);

        Assert.That(Pipes.NextDue(_peers.Now), Is.EqualTo(begin + (2 * _turn)));
    }

    [Test]
    public void The_rate_is_kept_over_time_after_the_first_burst()
    {
        const int Seconds = 20;
        TimeSpan begin = _peers.Now;
        while (_peers.Now - begin < TimeSpan.FromSeconds(Seconds))
        {
            if (_peers.Held(source).Available < Burst)
            {
                _peers.Peer(source).Send(SocketSteps.Pattern(Burst));
                _peers.Held(source).WaitReadable();
            }

            while (Pipes.InterestIn(source) == Interest.Read && _peers.Held(source).Available > 0)
            {
                _peers.Peer(_sink).ReceiveExactly(_peers.Read(source).Length);
            }

            // As late as Select may be.
            _peers.Advance(_turn + TimeSpan.FromMilliseconds(1));
        }

        Assert.That(Pipes.From(source).Relayed, Is.EqualTo(Burst + (Seconds * BytesPerSecond)).Within(1).Percent);
    }

    [Test]
    public void A_source_that_sends_less_than_the_rate_never_waits()
    {
        for (int i = 0; i < 50; i++)
        {
            _peers.Peer(source).Send(SocketSteps.Pattern(Quantum));
            Assert.That(_peers.Read(source), Has.Length.EqualTo(Quantum));
            Assert.That(Pipes.NextDue(_peers.Now), Is.Null);
            _peers.Peer(_sink).ReceiveExactly(Quantum);
            _peers.Advance(_turn);
        }
    }

    [Test]
    public void An_event_without_room_reads_nothing_and_is_no_end()
    {
        _bucket.Pay(_peers.Now.Ticks, Burst);
        _peers.Peer(source).Send(SocketSteps.Pattern(10));

        Assert.That(_peers.Read(source), Is.Empty);

        Assert.That((Pipes.From(source).State, Pipes.WaitsForTime), Is.EqualTo((PipeState.Open, true)));
        _peers.Advance(_turn);
        Assert.That(_peers.Read(source), Has.Length.EqualTo(10));
    }

    [Test]
    public void A_FIN_comes_behind_the_bytes_that_wait_and_the_other_direction_lives_on()
    {
        _peers.Peer(source).Send(SocketSteps.Pattern(Burst + 10));
        _peers.Peer(source).Shutdown(SocketShutdown.Send);
        _peers.Read(source);
        _peers.Advance(_turn);
        _peers.Read(source);

        _peers.Read(source);

        Assert.That((Pipes.From(source).State, Pipes.FirstFin, Pipes.IsOver), Is.EqualTo((PipeState.Done, source, false)));
        _peers.Peer(_sink).ReceiveExactly(Burst + 10);
        Assert.That(_peers.Peer(_sink).TryReceive(), Is.EqualTo((0, SocketError.Success)));
        _peers.Peer(_sink).Send([1]);
        _peers.Read(_sink);
        Assert.That(_peers.Peer(source).ReceiveExactly(1), Is.EqualTo((byte[])[1]));
    }

    [Test]
    public void A_reset_of_the_source_ends_the_direction_towards_it_at_once_and_the_other_behind_its_bytes()
    {
        _peers.Peer(source).Send(SocketSteps.Pattern(Burst + 10));
        _peers.Read(source);
        _peers.Peer(source).Close(0);
        _peers.Held(source).WaitReadable();

        Pipes.NoteReset(source);
        Pipes.Settle();
        Assert.That(
            (Pipes.To(source).State, Pipes.From(source).State, Pipes.InterestIn(source)),
            Is.EqualTo((PipeState.Broken, PipeState.Open, Interest.None)));

        _peers.Advance(_turn);
        _peers.Read(source);
        _peers.Read(source);
        Assert.That((Pipes.IsOver, Pipes.FailedSide, Pipes.NextDue(_peers.Now)), Is.EqualTo((true, source, (TimeSpan?)null)));
        _peers.Peer(_sink).ReceiveExactly(Burst + 10);
    }

    [Test]
    public void Early_bytes_are_sent_at_once_and_paid_for()
    {
        byte[] early = SocketSteps.Pattern(2 * Burst);

        Pipes.SendEarly(source, _peers.Pool.Keep(early), own: 0, _peers.Now);

        Assert.That(_peers.Peer(_sink).ReceiveExactly(early.Length), Is.EqualTo(early));
        _peers.Peer(source).Send([1]);
        Assert.That(_peers.Read(source), Is.Empty);
        Assert.That(Pipes.NextDue(_peers.Now), Is.EqualTo(_peers.Now + TimeSpan.FromSeconds((double)(Burst + Quantum) / BytesPerSecond)));
    }

    [Test]
    public void A_sink_that_takes_nothing_is_a_stall_and_no_throttle()
    {
        while (!Pipes.From(source).WantsWrite)
        {
            _peers.Peer(source).Send(SocketSteps.Pattern(Burst));
            _peers.Read(source);
            _peers.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That((Pipes.IsStalled, Pipes.WaitsForTime), Is.EqualTo((true, false)));
        _peers.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Pipes.NextDue(_peers.Now), Is.Null, "nothing is due for it");
    }

    [Test]
    public void What_it_has_booked_goes_back_when_it_is_released()
    {
        _peers.Peer(source).Send(SocketSteps.Pattern(5000));
        _peers.Read(source);
        _peers.Now += TimeSpan.FromSeconds((double)Burst / BytesPerSecond);

        Pipes.Release();

        Assert.That(_bucket.Room(_peers.Now.Ticks), Is.EqualTo(Burst));
    }

    private RelayLayers LayersWith(Stage stage) =>
        source == ConnectionSide.Client ? new RelayLayers { FromClient = stage } : new RelayLayers { FromUpstream = stage };
}
