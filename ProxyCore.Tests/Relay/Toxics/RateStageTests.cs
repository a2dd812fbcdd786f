using ProxyCore.Relay.Toxics;
using static ProxyCore.Tests.Relay.Toxics.ToxicRig;

namespace ProxyCore.Tests.Relay.Toxics;

internal sealed class RateStageTests
{
    private const int TenKilobytes = 10_000;

    private ToxicRig _rig = null!;

    [SetUp]
    public void Create() => _rig = new ToxicRig();

    [TearDown]
    public void Dispose() => _rig.Dispose();

    [Test]
    public void A_large_read_passes_in_pieces_of_a_tenth_of_a_second_each_after_its_time()
    {
        _rig.Add(new BandwidthToxic { BytesPerSecond = TenKilobytes });
        _rig.Send(Bytes(2500));

        Assert.That(_rig.Follow(10_000), Is.EqualTo((List<(double, int)>)[(100, 1000), (200, 1000), (250, 500)]));
    }

    [Test]
    public void Small_reads_pass_one_by_one_each_after_its_time()
    {
        _rig.Add(new BandwidthToxic { BytesPerSecond = TenKilobytes });
        _rig.Send(Bytes(500));
        _rig.Send(Bytes(100));
        _rig.Send(Bytes(100));

        Assert.That(_rig.Follow(10_000), Is.EqualTo((List<(double, int)>)[(50, 500), (60, 100), (70, 100)]));
    }

    [Test]
    public void A_pause_saves_nothing_for_later()
    {
        _rig.Add(new BandwidthToxic { BytesPerSecond = TenKilobytes });
        _rig.Send(Bytes(100));
        _rig.Follow(5000);
        _rig.Send(Bytes(1000));

        Assert.That(_rig.Follow(10_000), Is.EqualTo((List<(double, int)>)[(5100, 1000)]));
    }

    [TestCase(1, 100)]
    [TestCase(333, 100)]
    [TestCase(1000, 100)]
    [TestCase(1_000_000, 100)]
    [TestCase(100_000_000, 2)]
    [TestCase(2000 * 1024 * 1024L, 0.3)]
    public void A_rate_is_kept_however_late_the_timers_are_and_however_often_the_source_waits(long rate, double seconds)
    {
        _rig.Add(new BandwidthToxic { BytesPerSecond = rate });
        byte[] bytes = Bytes(1024 * 1024);
        long received = 0;
        while (_rig.Now < TimeSpan.FromSeconds(seconds))
        {
            TakeReady();
            while (_rig.Room is > 0 and var room)
            {
                _rig.Send(bytes.AsSpan(0, room));
                TakeReady();
            }

            _rig.Now = _rig.NextDue!.Value + Ms(1.5);
        }

        Assert.That(received, Is.EqualTo(rate * seconds).Within(1).Percent);

        void TakeReady()
        {
            while (_rig.Chain.Ready(_rig.Now) is { IsEmpty: false } ready)
            {
                received += ready.Length;
                _rig.Chain.Advance(ready.Length);
            }
        }
    }

    [Test]
    public void What_a_sink_held_up_does_not_follow_in_a_burst()
    {
        _rig.Add(new BandwidthToxic { BytesPerSecond = TenKilobytes });
        _rig.Send(Bytes(5000));
        _rig.Now = Ms(100);
        Assert.That(_rig.Receive(most: 999), Has.Length.EqualTo(999));

        // The sink takes the last byte of the first piece ten seconds later.
        Assert.That(_rig.ReceiveAt(10_100), Has.Length.EqualTo(1));

        Assert.That(_rig.NextDue, Is.EqualTo(Ms(10_200)));
        Assert.That(_rig.ReceiveAt(10_200), Has.Length.EqualTo(1000));
    }

    [Test]
    public void A_loop_that_stood_still_makes_up_for_a_tenth_of_a_second_at_most()
    {
        _rig.Add(new BandwidthToxic { BytesPerSecond = TenKilobytes });
        _rig.Send(Bytes(20_000));

        Assert.That(_rig.ReceiveAt(1500), Has.Length.EqualTo(2000));
    }

    [Test]
    public void A_rate_of_zero_lets_nothing_pass_and_the_removal_everything()
    {
        ToxicStage stage = _rig.Add(new BandwidthToxic());
        _rig.Send(Bytes(3000));
        Assert.That((_rig.NextDue, _rig.ReceiveAt(1_000_000).Length), Is.EqualTo(((TimeSpan?)null, 0)));

        _rig.Remove(stage);

        Assert.That(_rig.Receive(), Is.EqualTo(Bytes(3000)));
    }

    [Test]
    public void An_update_forgets_what_was_owed()
    {
        ToxicStage stage = _rig.Add(new BandwidthToxic { BytesPerSecond = 1000 });
        _rig.Send(Bytes(10_000));
        _rig.Now = Ms(50);

        stage.Change(new BandwidthToxic { BytesPerSecond = 100_000 }, _rig.Now);

        Assert.That(_rig.Follow(100_000), Is.EqualTo((List<(double, int)>)[(150, 10_000)]));
    }

    [Test]
    public void An_update_from_zero_lets_go_on_what_is_held()
    {
        ToxicStage stage = _rig.Add(new BandwidthToxic());
        _rig.Send(Bytes(1000));
        _rig.Now = Ms(500);

        stage.Change(new BandwidthToxic { BytesPerSecond = TenKilobytes }, _rig.Now);

        Assert.That(_rig.Follow(100_000), Is.EqualTo((List<(double, int)>)[(600, 1000)]));
    }

    [Test]
    public void The_end_follows_the_last_piece()
    {
        _rig.Add(new BandwidthToxic { BytesPerSecond = TenKilobytes });
        _rig.Send(Bytes(1000));
        _rig.SendEnd();
        Assert.That(_rig.HasEnded, Is.False);

        _rig.ReceiveAt(100);

        Assert.That(_rig.HasEnded, Is.True);
    }

    [TestCase(0L, 32 * 1024)]
    [TestCase(400_000L, 100_000)]
    [TestCase(1_000_000_000L, 1024 * 1024)]
    public void It_holds_a_quarter_of_a_second_within_bounds(long rate, int most)
    {
        _rig.Add(new BandwidthToxic { BytesPerSecond = rate });

        Assert.That(_rig.Room, Is.EqualTo(most));
    }
}
