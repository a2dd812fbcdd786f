using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Relay;
using ProxyCore.Relay.Toxics;
using ProxyCore.Tests.Loop;
using static ProxyCore.Tests.Relay.Toxics.ToxicRig;

namespace ProxyCore.Tests.Relay.Toxics;

/// <summary>Toxics that come to a connection that relays, and leave it, each test from either side.</summary>
[TestFixture(ConnectionSide.Client)]
[TestFixture(ConnectionSide.Upstream)]
internal sealed class ToxicPipeTests(ConnectionSide source)
{
    private readonly ConnectionSide _sink = RelayPeers.Other(source);
    private RelayPeers _peers = null!;

    private PipePair Pipes => _peers.Pipes;

    private Socket Source => _peers.Peer(source);

    private Socket Sink => _peers.Peer(_sink);

    [SetUp]
    public void Open() => _peers = new RelayPeers();

    [TearDown]
    public void Close()
    {
        Pipes.Release();
        Assert.That(_peers.Pool.Rented, Is.Zero);
        _peers.Dispose();
    }

    [Test]
    public void After_the_last_toxic_has_left_the_connection_relays_as_one_that_never_had_any()
    {
        ToxicStage stage = Add(source, new LatencyToxic { Latency = Ms(100) });
        Source.Send([1, 2]);
        _peers.Read(source);
        Remove(source, stage);
        Assert.That((Sink.ReceiveExactly(2), Pipes.HasLayers), Is.EqualTo((new byte[] { 1, 2 }, false)));
        Assert.That(Pipes.InterestIn(source), Is.EqualTo(Interest.Read));

        Source.Send([3]);
        _peers.Read(source);

        Assert.That(Sink.ReceiveExactly(1), Is.EqualTo((byte[])[3]));
    }

    [Test]
    public void Early_bytes_that_a_stall_kept_go_out_when_it_is_removed()
    {
        ToxicStage stage = Add(source, new StallToxic());
        Pipes.SendEarly(source, _peers.Pool.Keep([1, 2, 3]), own: 0, _peers.Now);
        Assert.That(Sink.Poll(0, SelectMode.SelectRead), Is.False);

        Remove(source, stage);

        Assert.That(Pipes.InterestIn(_sink), Is.EqualTo(Interest.Read | Interest.Write));
        _peers.Flush(_sink);
        Assert.That((Sink.ReceiveExactly(3), Pipes.InterestIn(source)), Is.EqualTo((new byte[] { 1, 2, 3 }, Interest.Read)));
    }

    [Test]
    public void A_toxic_that_closes_ends_both_directions_by_FIN()
    {
        Add(source, new LimitDataToxic { Bytes = 2 });
        Source.Send([1, 2, 3]);
        _peers.Read(source);
        Settle();

        Assert.That((Pipes.IsOver, Pipes.FailedSide), Is.EqualTo((true, (ConnectionSide?)null)));
        Assert.That(Sink.ReceiveExactly(2), Is.EqualTo((byte[])[1, 2]));
        foreach (Socket peer in (Socket[])[Sink, Source])
        {
            peer.WaitReadable();
            Assert.That(peer.TryReceive(), Is.EqualTo((0, SocketError.Success)));
        }
    }

    [Test]
    public void A_toxic_that_closes_lets_go_what_the_other_direction_delays_behind_its_end()
    {
        Add(_sink, new LatencyToxic { Latency = Ms(100_000) });
        Sink.Send([7, 8]);
        Sink.Shutdown(SocketShutdown.Send);
        _peers.Read(_sink);
        _peers.Read(_sink);
        Add(source, new LimitDataToxic { Bytes = 1 });
        Source.Send([1]);
        _peers.Read(source);

        Settle();

        Assert.That((Source.ReceiveExactly(2), Pipes.IsOver), Is.EqualTo((new byte[] { 7, 8 }, true)));
    }

    [Test]
    public void A_cut_resets_the_connection_also_when_its_direction_has_ended()
    {
        Add(source, new CutToxic { After = Ms(100) });
        Source.Shutdown(SocketShutdown.Send);
        _peers.Read(source);
        Settle();
        Assert.That((Pipes.From(source).State, Pipes.IsOver, Pipes.NextDue(_peers.Now)), Is.EqualTo((PipeState.Done, false, (TimeSpan?)Ms(100))));

        _peers.Advance(Ms(100));
        Settle();

        Assert.That((Pipes.IsOver, Pipes.Failure, Pipes.EndedBy is CutStage), Is.EqualTo((true, TransferResult.Cut, true)));
    }

    [Test]
    public void A_quiet_timeout_ends_both_directions()
    {
        Add(source, new TimeoutToxic { Timeout = Ms(100) });
        Assert.That(Pipes.NextDue(_peers.Now), Is.EqualTo(Ms(100)));

        _peers.Advance(Ms(100));
        Settle();

        Assert.That((Pipes.IsOver, Pipes.EndedBy is TimeoutStage), Is.EqualTo((true, true)));
    }

    [Test]
    public void Bytes_that_an_end_has_overtaken_do_not_keep_the_connection_from_being_idle()
    {
        Add(source, new LatencyToxic { Latency = Ms(100) });
        Add(source, new CustomToxic(static () => new EndsAtOnce()));
        Source.Send([1]);
        _peers.Read(source);
        _peers.Advance(Ms(50));
        Source.Send([2]);
        _peers.Read(source);
        Assert.That(Pipes.WaitsForTime, Is.True);

        _peers.Advance(Ms(50));
        Settle();

        Assert.That((Pipes.From(source).State, Pipes.IsOver, Pipes.WaitsForTime), Is.EqualTo((PipeState.Done, false, false)));
    }

    [Test]
    public void A_sink_that_is_full_slows_the_source_through_a_toxic()
    {
        Add(source, new NoOpToxic());
        byte[] chunk = SocketSteps.Pattern(20_000);
        int sent = 0;
        while (Pipes.InterestIn(source).HasFlag(Interest.Read))
        {
            Source.Send(chunk);
            sent += chunk.Length;
            _peers.Read(source);
        }

        Assert.That((Pipes.InterestIn(_sink).HasFlag(Interest.Write), Pipes.NextDue(_peers.Now)), Is.EqualTo((true, (TimeSpan?)null)));
        int received = 0;
        while (received < sent)
        {
            received += Sink.ReceiveAvailable().Length;
            if (Pipes.InterestIn(_sink).HasFlag(Interest.Write))
            {
                _peers.Flush(_sink);
            }

            if (Pipes.InterestIn(source).HasFlag(Interest.Read) && _peers.Held(source).Available > 0)
            {
                _peers.Read(source);
            }
        }

        Assert.That(received, Is.EqualTo(sent));
    }

    private ToxicStage Add(ConnectionSide from, Toxic toxic)
    {
        ToxicStage stage = ToxicStages.Create(toxic, new ToxicContext(_peers.Buffers, _peers.Now, Seed: 1));
        Assert.That(Pipes.TryAddStage(from, stage), Is.True);
        return stage;
    }

    private void Remove(ConnectionSide from, ToxicStage stage)
    {
        Pipes.RemoveStage(from, stage, _peers.Now);
        Pipes.Pump(_peers.Now);
        Settle();
    }

    private void Settle()
    {
        Pipes.SettleStages(_peers.Now);
        Pipes.Settle();
    }

    private sealed class EndsAtOnce : IToxicStage
    {
        public void OnBytes(ReadOnlySpan<byte> bytes, ToxicOutput output) => output.EndStream();
    }
}
