using ProxyCore.Relay;
using ProxyCore.Relay.Toxics;
using static ProxyCore.Tests.Relay.Toxics.ToxicRig;

namespace ProxyCore.Tests.Relay.Toxics;

/// <summary>Several stages of one direction, one behind the other.</summary>
internal sealed class StageChainTests
{
    private ToxicRig _rig = null!;

    [SetUp]
    public void Create() => _rig = new ToxicRig();

    [TearDown]
    public void Dispose() => _rig.Dispose();

    [Test]
    public void Bytes_keep_their_order_through_several_stages_and_the_end_comes_behind_them()
    {
        _rig.Add(new SlicerToxic { AverageSize = 50, SizeVariation = 10, Delay = Ms(1) });
        _rig.Add(new LatencyToxic { Latency = Ms(20), Jitter = Ms(20) });
        _rig.Add(new BandwidthToxic { BytesPerSecond = 100_000 });
        _rig.Send(Bytes(5000));
        _rig.SendEnd();
        var received = new List<byte>();
        while (!_rig.HasEnded)
        {
            _rig.Now = _rig.NextDue!.Value;
            received.AddRange(_rig.Receive());
        }

        Assert.That(received, Is.EqualTo(Bytes(5000)));
    }

    [Test]
    public void A_full_stage_fills_those_ahead_of_it_and_then_the_source_waits()
    {
        _rig.Add(new NoOpToxic());
        _rig.Add(new NoOpToxic());
        ToxicStage stall = _rig.Add(new StallToxic());
        int sent = 0;
        while (_rig.Room is > 0 and var room)
        {
            _rig.Send(Bytes(Math.Min(room, 10_000), first: sent));
            sent += Math.Min(room, 10_000);
            Assert.That(_rig.Receive(), Is.Empty);
        }

        Assert.That(sent, Is.InRange(500_000, 2 * 256 * 1024));
        _rig.Remove(stall);
        Assert.That(_rig.Receive(), Has.Length.EqualTo(sent));
        Assert.That(_rig.Room, Is.GreaterThan(0));
    }

    [Test]
    public void What_is_ahead_of_a_stage_that_loses_all_follows_however_little_room_is_between()
    {
        _rig.Add(new LatencyToxic { Latency = Ms(10) });
        _rig.Add(new NoOpToxic());
        _rig.Add(new SwallowToxic());
        _rig.Add(new NoOpToxic());
        for (int i = 0; i < 20; i++)
        {
            _rig.Send(Bytes(100_000));
        }

        Assert.That(_rig.ReceiveAt(10), Is.Empty);

        Assert.That((_rig.Chain.HoldsBytes, _rig.Rented), Is.EqualTo((false, 0L)));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void A_stage_that_is_removed_hands_on_what_it_holds_at_once_and_in_order(int removed)
    {
        ToxicStage[] stages =
        [
            _rig.Add(new LatencyToxic { Latency = Ms(100) }),
            _rig.Add(new LatencyToxic { Latency = Ms(100) }),
            _rig.Add(new LatencyToxic { Latency = Ms(100) }),
        ];
        for (int i = 0; i < 4; i++)
        {
            _rig.ReceiveAt(i * 80);
            _rig.Send((byte)i);
        }

        _rig.ReceiveAt(280);
        _rig.Remove(stages[removed]);

        List<byte> received = [.. _rig.Receive()];
        while (_rig.NextDue is { } due)
        {
            _rig.Now = due;
            received.AddRange(_rig.Receive());
        }

        Assert.That(received, Is.EqualTo((byte[])[0, 1, 2, 3]));
        Assert.That(_rig.Now, Is.LessThan(Ms(540)), "the last byte had less than three delays");
    }

    [Test]
    public void All_may_be_removed_and_the_last_bytes_still_pass()
    {
        ToxicStage first = _rig.Add(new LatencyToxic { Latency = Ms(100) });
        ToxicStage second = _rig.Add(new BandwidthToxic());
        _rig.Send(1, 2);
        _rig.Remove(second);
        _rig.Remove(first);

        Assert.That(_rig.Receive(), Is.EqualTo((byte[])[1, 2]));

        _rig.Receive();
        Assert.That((_rig.Chain.IsEmpty, _rig.Rented), Is.EqualTo((true, 0L)));
    }

    [Test]
    public void What_comes_while_a_removed_stage_hands_on_stays_behind_it()
    {
        ToxicStage stage = _rig.Add(new LatencyToxic { Latency = Ms(100) });
        _rig.Send(1, 2, 3);
        _rig.Remove(stage);
        Assert.That(_rig.Receive(most: 1), Is.EqualTo((byte[])[1]));

        _rig.Send(4);

        Assert.That(_rig.Receive(), Is.EqualTo((byte[])[2, 3, 4]));
    }

    [Test]
    public void The_removal_of_a_stage_that_has_the_end_hands_it_on()
    {
        ToxicStage slow = _rig.Add(new SlowCloseToxic { Delay = Ms(100) });
        _rig.Add(new SlowCloseToxic { Delay = Ms(50) });
        _rig.SendEnd();
        Assert.That(_rig.HasEnded, Is.False);

        _rig.Remove(slow);

        Assert.That((_rig.HasEnded, _rig.NextDue), Is.EqualTo((false, (TimeSpan?)Ms(50))));
        _rig.Now = Ms(50);
        Assert.That(_rig.HasEnded, Is.True);
    }

    [Test]
    public void A_stage_that_is_added_while_the_end_is_delayed_has_it_too()
    {
        _rig.Add(new SlowCloseToxic { Delay = Ms(100) });
        _rig.SendEnd();
        Assert.That(_rig.HasEnded, Is.False);
        _rig.Add(new SlowCloseToxic { Delay = Ms(50) });

        _rig.Now = Ms(100);

        Assert.That((_rig.HasEnded, _rig.NextDue), Is.EqualTo((false, (TimeSpan?)Ms(150))));
    }

    [Test]
    public void A_stage_in_the_middle_that_ends_the_connection_lets_the_bytes_behind_it_take_their_time()
    {
        _rig.Add(new NoOpToxic());
        ToxicStage limit = _rig.Add(new LimitDataToxic { Bytes = 3 });
        _rig.Add(new LatencyToxic { Latency = Ms(100) });
        _rig.Send(Bytes(5));
        Assert.That(_rig.Receive(), Is.Empty);
        Assert.That((_rig.Verdict, _rig.Chain.EndedBy, _rig.HasEnded), Is.EqualTo((StageVerdict.Close, limit, false)));

        Assert.That(_rig.ReceiveAt(100), Is.EqualTo(Bytes(3)));

        Assert.That(_rig.HasEnded, Is.True);
    }

    [Test]
    public void A_stage_in_the_middle_may_reset_the_connection()
    {
        _rig.Add(new LatencyToxic { Latency = Ms(50) });
        ToxicStage close = _rig.Add(new CloseToxic());
        _rig.Add(new LatencyToxic { Latency = Ms(50) });
        _rig.Send(1);

        Assert.That(_rig.ReceiveAt(50), Is.Empty);

        Assert.That((_rig.Verdict, _rig.Chain.EndedBy), Is.EqualTo((StageVerdict.Reset, close)));
    }

    [Test]
    public void A_reset_does_not_wait_for_an_end_on_its_way()
    {
        _rig.Add(new LimitDataToxic { Bytes = 3 });
        _rig.Add(new BandwidthToxic());
        ToxicStage cut = _rig.Add(new CutToxic { After = Ms(100) });
        _rig.Send(Bytes(5));
        _rig.Receive();
        Assert.That(_rig.Verdict, Is.EqualTo(StageVerdict.Close));

        _rig.ReceiveAt(100);

        Assert.That((_rig.Verdict, _rig.Chain.EndedBy), Is.EqualTo((StageVerdict.Reset, cut)));
    }

    [Test]
    public void Once_all_are_let_go_none_ends_the_connection()
    {
        _rig.Add(new TimeoutToxic { Timeout = Ms(100) });
        _rig.Add(new LatencyToxic { Latency = Ms(100) });

        _rig.Chain.LetGo(_rig.Now);
        _rig.SendEnd();

        Assert.That((_rig.HasEnded, _rig.Verdict, _rig.Chain.EndedBy), Is.EqualTo((true, StageVerdict.Continue, (object?)null)));
    }

    [Test]
    public void A_limit_ahead_of_all_slows_the_source()
    {
        var limit = new LimitStage(3, StageVerdict.Continue);
        var chain = new StageChain(limit);
        chain.Add(new DelayStage(Ms(10)));
        Assert.That(chain.Room(default), Is.EqualTo(3));

        chain.Take([1, 2, 3], default);

        Assert.That((chain.Room(default), chain.Limit), Is.EqualTo((0, limit)));
        chain.Release();
    }
}
