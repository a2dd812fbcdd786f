using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Relay;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Relay;

/// <summary>A direction with a stage between source and sink, each test from either side.</summary>
[TestFixture(ConnectionSide.Client)]
[TestFixture(ConnectionSide.Upstream)]
internal sealed class StageTests(ConnectionSide source)
{
    private const int Room = 8;
    private static readonly TimeSpan _delay = TimeSpan.FromMilliseconds(100);
    private static readonly byte[] _bytes = [1, 2, 3];

    private readonly ConnectionSide _sink = RelayPeers.Other(source);
    private RelayPeers _peers = null!;

    private PipePair Pipes => _peers.Pipes;

    private Socket Sink => _peers.Peer(_sink);

    [TearDown]
    public void Close() => _peers.Dispose();

    [Test]
    public void Delayed_bytes_are_sent_when_they_are_due_and_not_before()
    {
        Use(new DelayStage(_delay));
        _peers.Peer(source).Send(_bytes);
        _peers.Read(source);
        Assert.That((Pipes.NextDue(_peers.Now), Sink.Poll(0, SelectMode.SelectRead)), Is.EqualTo(((TimeSpan?)_delay, false)));

        _peers.Advance(_delay / 2);
        Assert.That(Sink.Poll(0, SelectMode.SelectRead), Is.False);
        _peers.Advance(_delay / 2);

        Assert.That(Sink.ReceiveExactly(3), Is.EqualTo(_bytes));
        Assert.That((Pipes.NextDue(_peers.Now), Pipes.From(source).Relayed), Is.EqualTo(((TimeSpan?)null, 3L)));
    }

    [Test]
    public void The_other_direction_does_not_pass_through_it()
    {
        Use(new DelayStage(_delay));
        Sink.Send(_bytes);

        _peers.Read(_sink);

        Assert.That(_peers.Peer(source).ReceiveExactly(3), Is.EqualTo(_bytes));
    }

    [Test]
    public void A_full_stage_pauses_the_source_until_it_has_room()
    {
        Use(new DelayStage(_delay, Room));
        _peers.Peer(source).Send(SocketSteps.Pattern(20));

        Assert.That(_peers.Read(source), Has.Length.EqualTo(Room));
        Assert.That(Pipes.InterestIn(source), Is.EqualTo(Interest.Reset));
        Assert.That(Pipes.InterestIn(_sink), Is.EqualTo(Interest.Read), "the sink is not waited for");

        _peers.Advance(_delay);
        Assert.That(Pipes.InterestIn(source), Is.EqualTo(Interest.Read));
        Assert.That(_peers.Read(source), Has.Length.EqualTo(Room));
    }

    [Test]
    public void The_end_follows_the_delayed_bytes_and_meanwhile_the_direction_is_ending()
    {
        Use(new DelayStage(_delay));
        _peers.Peer(source).Send(_bytes);
        _peers.Peer(source).Shutdown(SocketShutdown.Send);
        _peers.Read(source);
        _peers.Read(source);
        Assert.That(
            (Pipes.From(source).State, Pipes.IsHalfClosed, Pipes.FirstFin, Pipes.InterestIn(source)),
            Is.EqualTo((PipeState.Ending, true, source, Interest.None)));

        _peers.Advance(_delay);

        Assert.That(Pipes.From(source).State, Is.EqualTo(PipeState.Done));
        Assert.That(Sink.ReceiveExactly(3), Is.EqualTo(_bytes));
        Sink.WaitReadable();
        Assert.That(Sink.TryReceive(), Is.EqualTo((0, SocketError.Success)));
    }

    [Test]
    [NotUnderWine(NotUnderWineAttribute.ResetIsEnd)]
    public void A_reset_of_the_source_waits_behind_the_delayed_bytes_and_is_no_FIN()
    {
        Use(new DelayStage(_delay));
        _peers.Peer(source).Send(_bytes);
        _peers.Peer(source).Close(0);
        _peers.Read(source);
        _peers.Read(source);
        Assert.That((Pipes.FailedSide, Pipes.IsOver, Pipes.From(source).State), Is.EqualTo((source, false, PipeState.Ending)));

        _peers.Advance(_delay);

        Assert.That((Pipes.IsOver, Pipes.From(source).State, Pipes.FirstFin), Is.EqualTo((true, PipeState.Broken, (object?)null)));
        Assert.That(Sink.ReceiveExactly(3), Is.EqualTo(_bytes));
        Assert.That(Sink.Poll(0, SelectMode.SelectRead), Is.False, "no FIN");
    }

    [Test]
    [NotUnderWine(NotUnderWineAttribute.ResetIsEnd)]
    public void A_reset_of_the_sink_drops_what_is_delayed()
    {
        Use(new DelayStage(_delay));
        _peers.Peer(source).Send(_bytes);
        _peers.Read(source);
        Sink.Close(0);
        _peers.Read(_sink);

        Assert.That((Pipes.IsOver, Pipes.FailedSide, Pipes.NextDue(_peers.Now)), Is.EqualTo((true, _sink, (TimeSpan?)null)));
        _peers.Advance(_delay);
        Assert.That(Pipes.From(source).Relayed, Is.Zero);
    }

    [Test]
    public void What_a_full_sink_does_not_take_stays_in_the_stage_and_arrives_in_order()
    {
        Use(new DelayStage(TimeSpan.Zero));
        byte[] sent = _peers.Congest(source);
        Assert.That((Pipes.InterestIn(source), Pipes.From(source).Pending), Is.EqualTo((Interest.Read, 0)), "the stage has room");

        _peers.Peer(source).Send(_bytes);
        _peers.Read(source);

        Assert.That(_peers.Drain(source, sent.Length + 3), Is.EqualTo((byte[])[.. sent, .. _bytes]));
        Assert.That(Pipes.InterestIn(_sink), Is.EqualTo(Interest.Read));
    }

    [Test]
    public void Early_bytes_pass_through_it_ahead_of_all_others_as_it_has_room()
    {
        Use(new DelayStage(_delay, Room));
        byte[] early = SocketSteps.Pattern(3 * Room);
        _peers.Peer(source).Send(_bytes);

        Pipes.SendEarly(source, _peers.Pool.Keep(early), own: 0, _peers.Now);
        Assert.That((Pipes.From(source).Pending, Pipes.InterestIn(source)), Is.EqualTo((2 * Room, Interest.None)));
        for (int turn = 0; turn < 3; turn++)
        {
            _peers.Advance(_delay);
        }

        _peers.Read(source);
        _peers.Advance(_delay);

        Assert.That(Sink.ReceiveExactly(early.Length + 3), Is.EqualTo((byte[])[.. early, .. _bytes]));
        Assert.That(_peers.Pool.Rented, Is.Zero);
    }

    [Test]
    public void A_stage_may_end_its_direction_and_the_other_lives_on()
    {
        Use(new LimitStage(5, StageVerdict.End));
        _peers.Peer(source).Send(SocketSteps.Pattern(20));

        _peers.Read(source);

        Assert.That((Pipes.From(source).State, Pipes.IsHalfClosed, Pipes.FirstFin), Is.EqualTo((PipeState.Done, true, source)));
        Assert.That(Sink.ReceiveExactly(5), Is.EqualTo(SocketSteps.Pattern(20)[..5]));
        Sink.WaitReadable();
        Assert.That(Sink.TryReceive(), Is.EqualTo((0, SocketError.Success)));
        Sink.Send(_bytes);
        _peers.Read(_sink);
        Assert.That(_peers.Peer(source).ReceiveExactly(3), Is.EqualTo(_bytes));
    }

    [Test]
    public void A_stage_may_reset_the_connection()
    {
        Use(new LimitStage(5, StageVerdict.Reset));
        _peers.Peer(source).Send(SocketSteps.Pattern(20));

        _peers.Read(source);

        Assert.That((Pipes.IsOver, Pipes.FailedSide, Pipes.Failure), Is.EqualTo((true, source, TransferResult.Cut)));
        Assert.That(Sink.ReceiveExactly(5), Is.EqualTo(SocketSteps.Pattern(20)[..5]));
        Assert.That(Sink.Poll(0, SelectMode.SelectRead), Is.False, "no FIN");
    }

    [Test]
    public void Release_frees_it()
    {
        var stage = new DelayStage(_delay);
        Use(stage);

        Pipes.Release();

        Assert.That(stage.IsReleased, Is.True);
    }

    private void Use(Stage stage) => _peers = new RelayPeers((_, _) =>
        source == ConnectionSide.Client ? new RelayLayers { FromClient = stage } : new RelayLayers { FromUpstream = stage });
}
