using ProxyCore.Relay.Toxics;
using static ProxyCore.Tests.Relay.Toxics.ToxicRig;

namespace ProxyCore.Tests.Relay.Toxics;

internal sealed class LatencyStageTests
{
    private ToxicRig _rig = null!;

    [SetUp]
    public void Create() => _rig = new ToxicRig();

    [TearDown]
    public void Dispose() => _rig.Dispose();

    [Test]
    public void A_read_leaves_its_latency_after_it_came_and_not_before()
    {
        _rig.Add(new LatencyToxic { Latency = Ms(100) });
        _rig.Send(1, 2, 3);
        _rig.Now = Ms(30);
        _rig.Send(4, 5);

        Assert.That(_rig.Receive(), Is.Empty);
        Assert.That(_rig.NextDue, Is.EqualTo(Ms(100)));
        Assert.That(_rig.ReceiveAt(99.9999), Is.Empty);
        Assert.That(_rig.ReceiveAt(100), Is.EqualTo((byte[])[1, 2, 3]));
        Assert.That(_rig.NextDue, Is.EqualTo(Ms(130)));
        Assert.That(_rig.ReceiveAt(130), Is.EqualTo((byte[])[4, 5]));
        Assert.That((_rig.NextDue, _rig.Rented), Is.EqualTo(((TimeSpan?)null, 0L)));
    }

    [Test]
    public void Without_latency_bytes_pass_at_once()
    {
        _rig.Add(new LatencyToxic());
        _rig.Send(1, 2, 3);

        Assert.That(_rig.Receive(), Is.EqualTo((byte[])[1, 2, 3]));
    }

    [Test]
    public void Jitter_never_changes_the_order()
    {
        _rig.Add(new LatencyToxic { Latency = Ms(10), Jitter = Ms(100) });
        var received = new List<byte>();
        for (int i = 0; i < 2000; i++)
        {
            _rig.Now = Ms(i);
            _rig.Send((byte)i);
            received.AddRange(_rig.Receive());
        }

        received.AddRange(_rig.ReceiveAt(5000));
        Assert.That(received, Is.EqualTo(Enumerable.Range(0, 2000).Select(static i => (byte)i)));
    }

    [Test]
    public void Jitter_is_spread_evenly_between_its_bounds()
    {
        const int Reads = 20_000;
        const double Step = 1000;
        _rig.Add(new LatencyToxic { Latency = Ms(200), Jitter = Ms(100) }, seed: 4711);
        int[] tenths = new int[10];
        for (int i = 0; i < Reads; i++)
        {
            _rig.Send(1);
            (double at, _) = _rig.Follow((i + 1) * Step).Single();
            double delay = at - (i * Step);
            Assert.That(delay, Is.InRange(100, 299.9999));
            tenths[(int)((delay - 100) / 20)]++;
        }

        // A binomial of 2000 with a deviation of 42: within five of them.
        Assert.That(tenths, Is.All.InRange(1790, 2210));
    }

    [Test]
    public void The_same_seed_makes_the_same_delays_and_another_seed_others()
    {
        List<double> Delays(ulong seed)
        {
            _rig.Renew();
            _rig.Add(new LatencyToxic { Latency = Ms(200), Jitter = Ms(100) }, seed);
            var times = new List<double>();
            for (int i = 0; i < 20; i++)
            {
                _rig.Send(1);
                times.AddRange(_rig.Follow((i + 1) * 1000).Select(static piece => piece.At));
            }

            return times;
        }

        List<double> first = Delays(1);
        Assert.That(Delays(1), Is.EqualTo(first));
        Assert.That(Delays(2), Is.Not.EqualTo(first));
    }

    [Test]
    public void A_jitter_larger_than_the_latency_lets_some_reads_pass_at_once()
    {
        _rig.Add(new LatencyToxic { Latency = Ms(1), Jitter = Ms(100) });
        int atOnce = 0;
        for (int i = 0; i < 200; i++)
        {
            _rig.Now = Ms(i * 1000);
            _rig.Send(1);
            atOnce += _rig.Receive().Length;
            _rig.Follow((i * 1000) + 500);
        }

        Assert.That(atOnce, Is.InRange(60, 135));
    }

    [Test]
    public void An_end_without_bytes_is_not_delayed()
    {
        _rig.Add(new LatencyToxic { Latency = Ms(100) });

        _rig.SendEnd();

        Assert.That((_rig.HasEnded, _rig.NextDue), Is.EqualTo((true, (TimeSpan?)null)));
    }

    [Test]
    public void An_end_behind_delayed_bytes_follows_them_without_a_delay_of_its_own()
    {
        _rig.Add(new LatencyToxic { Latency = Ms(100) });
        _rig.Send(1);
        _rig.Now = Ms(50);
        _rig.SendEnd();
        Assert.That(_rig.HasEnded, Is.False);

        Assert.That(_rig.ReceiveAt(100), Has.Length.EqualTo(1));
        Assert.That(_rig.HasEnded, Is.True);
    }

    [Test]
    public void After_an_update_the_first_read_leaves_at_once_and_those_behind_it_have_the_new_delay_from_their_arrival()
    {
        ToxicStage stage = _rig.Add(new LatencyToxic { Latency = Ms(1000) });
        _rig.Send(1);
        _rig.Now = Ms(10);
        _rig.Send(2);
        _rig.Now = Ms(20);

        stage.Change(new LatencyToxic { Latency = Ms(300) }, _rig.Now);

        Assert.That(_rig.Receive(), Is.EqualTo((byte[])[1]));
        Assert.That(_rig.NextDue, Is.EqualTo(Ms(310)));
        Assert.That(_rig.ReceiveAt(310), Is.EqualTo((byte[])[2]));
    }

    [Test]
    public void After_the_removal_all_leaves_at_once()
    {
        ToxicStage stage = _rig.Add(new LatencyToxic { Latency = Ms(1000) });
        _rig.Send(1);
        _rig.Now = Ms(10);
        _rig.Send(2);

        _rig.Remove(stage);

        Assert.That(_rig.NextDue, Is.Null);
        Assert.That(_rig.Receive(), Is.EqualTo((byte[])[1, 2]));
        _rig.Receive();
        Assert.That(_rig.Chain.IsEmpty, Is.True);
    }

    [Test]
    public void While_only_the_sink_is_waited_for_nothing_is_due()
    {
        _rig.Add(new LatencyToxic { Latency = Ms(100) });
        _rig.Send(1, 2, 3);
        _rig.Now = Ms(50);
        _rig.Send(4);
        _rig.Now = Ms(100);

        Assert.That(_rig.Receive(most: 2), Is.EqualTo((byte[])[1, 2]));

        Assert.That(_rig.NextDue, Is.Null);
        Assert.That(_rig.ReceiveAt(200), Is.EqualTo((byte[])[3, 4]));
    }

    [Test]
    public void The_source_waits_while_as_much_is_held_as_the_toxic_allows()
    {
        const int Most = 64 * 1024;
        _rig.Add(new LatencyToxic { Latency = Ms(100), MaxHeld = Most });
        Assert.That(_rig.Room, Is.EqualTo(Most));
        _rig.Send(Bytes(Most));
        Assert.That(_rig.Room, Is.Zero);

        _rig.ReceiveAt(100);

        Assert.That(_rig.Room, Is.EqualTo(Most));
    }

    [Test]
    public void The_source_waits_while_all_connections_together_hold_as_much_as_they_may()
    {
        using var rig = new ToxicRig(maxPending: 16 * 1024);
        rig.Add(new LatencyToxic { Latency = Ms(100) });
        Assert.That(rig.Room, Is.EqualTo(16 * 1024));
        rig.Send(Bytes(16 * 1024));
        Assert.That(rig.Room, Is.Zero);

        ToxicStage other = ToxicStages.Create(new LatencyToxic(), new ToxicContext(rig.Buffers, rig.Now, 1));
        Assert.That(other.Room(rig.Now), Is.EqualTo(4096), "each may hold a little");
        other.Take(Bytes(4096), rig.Now);
        Assert.That(other.Room(rig.Now), Is.Zero);
        other.Release();
    }

    [Test]
    public void A_sender_of_single_bytes_is_slowed_before_their_times_take_more_memory_than_a_megabyte()
    {
        _rig.Add(new LatencyToxic { Latency = Ms(1_000_000) });
        int sent = 0;
        for (; _rig.Room > 0; sent++)
        {
            _rig.Now = Ms(sent);
            _rig.Send(1);
        }

        Assert.That(sent, Is.EqualTo(ChunkRing.Most));
    }

    [Test]
    public void Several_add_up()
    {
        _rig.Add(new LatencyToxic { Latency = Ms(100) });
        _rig.Add(new LatencyToxic { Latency = Ms(50) });
        _rig.Send(1);

        Assert.That(_rig.Follow(1000), Is.EqualTo((List<(double, int)>)[(150, 1)]));
    }

    [Test]
    public void A_stream_that_is_delayed_allocates_nothing_once_it_runs()
    {
        _rig.Add(new LatencyToxic { Latency = Ms(50), Jitter = Ms(5) });
        byte[] bytes = Bytes(1000);
        long before = 0;
        for (int i = 0; i < 5000; i++)
        {
            before = i == 1000 ? GC.GetAllocatedBytesForCurrentThread() : before;
            _rig.Now = Ms(i);
            _rig.Chain.Take(bytes, _rig.Now);
            while (_rig.Chain.Ready(_rig.Now) is { IsEmpty: false } ready)
            {
                _rig.Chain.Advance(ready.Length);
            }
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
