using ProxyCore.Relay;
using ProxyCore.Relay.Toxics;
using ProxyCore.Tests.Harness;
using static ProxyCore.Tests.Relay.Toxics.ToxicRig;

namespace ProxyCore.Tests.Relay.Toxics;

/// <summary>The toxics that swallow, stall or corrupt, and the one that does nothing.</summary>
internal sealed class LosingStageTests
{
    private ToxicRig _rig = null!;

    [SetUp]
    public void Create() => _rig = new ToxicRig();

    [TearDown]
    public void Dispose() => _rig.Dispose();

    [Test]
    public void A_swallowed_stream_shows_neither_bytes_nor_end_and_its_sender_is_not_slowed()
    {
        _rig.Add(new SwallowToxic());
        for (int i = 0; i < 100; i++)
        {
            _rig.Send(Bytes(100_000));
        }

        _rig.SendEnd();

        Assert.That(
            (_rig.ReceiveAt(1_000_000).Length, _rig.HasEnded, _rig.Verdict, _rig.NextDue, _rig.Rented),
            Is.EqualTo((0, false, StageVerdict.Continue, (TimeSpan?)null, 0L)));
    }

    [Test]
    public void After_the_removal_of_swallow_what_comes_next_passes()
    {
        ToxicStage stage = _rig.Add(new SwallowToxic());
        _rig.Add(new NoOpToxic());
        _rig.Send(1);
        _rig.Remove(stage);

        _rig.Send(2);

        Assert.That(_rig.Receive(), Is.EqualTo((byte[])[2]));
    }

    [Test]
    public void The_removal_of_swallow_lets_the_end_pass()
    {
        ToxicStage stage = _rig.Add(new SwallowToxic());
        _rig.SendEnd();

        _rig.Remove(stage);

        Assert.That(_rig.HasEnded, Is.True);
    }

    [Test]
    public void A_stalled_source_is_not_read_until_the_removal()
    {
        ToxicStage stage = _rig.Add(new StallToxic());
        _rig.Add(new NoOpToxic());
        Assert.That((_rig.Room, _rig.NextDue), Is.EqualTo((0, (TimeSpan?)null)));

        _rig.Remove(stage);

        _rig.Send(1);
        Assert.That(_rig.Receive(), Is.EqualTo((byte[])[1]));
    }

    [Test]
    public void A_stall_behind_another_toxic_keeps_its_bytes_and_the_end_until_the_removal()
    {
        _rig.Add(new LatencyToxic { Latency = Ms(100) });
        ToxicStage stage = _rig.Add(new StallToxic());
        _rig.Send(1, 2);
        _rig.SendEnd();
        Assert.That((_rig.ReceiveAt(500).Length, _rig.HasEnded, _rig.NextDue), Is.EqualTo((0, false, (TimeSpan?)null)));

        _rig.Remove(stage);

        Assert.That((_rig.Receive(), _rig.HasEnded), Is.EqualTo((new byte[] { 1, 2 }, true)));
    }

    [Test]
    public void The_toxic_that_does_nothing_hands_on_bytes_and_end()
    {
        _rig.Add(new NoOpToxic());
        _rig.Send(Bytes(100_000));
        _rig.SendEnd();
        Assert.That(_rig.HasEnded, Is.False);

        Assert.That(_rig.Receive().SequenceEqual(Bytes(100_000)), Is.True);
        Assert.That(_rig.HasEnded, Is.True);
    }

    [TestCase(0.001)]
    [TestCase(0.1)]
    [TestCase(0.9)]
    public void Each_byte_is_corrupted_with_the_same_chance(double share)
    {
        const int Count = 2_000_000;
        _rig.Add(new CorruptToxic { Share = share }, seed: 99);
        int changed = 0;
        int neighbours = 0;
        bool wasChanged = false;
        for (int sent = 0; sent < Count; sent += 10_000)
        {
            byte[] bytes = Bytes(10_000);
            _rig.Send(bytes);
            foreach ((byte before, byte after) in bytes.Zip(_rig.Receive()))
            {
                neighbours += wasChanged && before != after ? 1 : 0;
                wasChanged = before != after;
                changed += wasChanged ? 1 : 0;
            }
        }

        Assert.That(changed, Is.EqualTo(Count * share).Within(5 * Math.Sqrt(Count * share * (1 - share))));
        double both = share * share;
        Assert.That(neighbours, Is.EqualTo(Count * both).Within(1 + (10 * Math.Sqrt(Count * both))), "independent of the byte before");
    }

    [TestCase(0, 0)]
    [TestCase(1, 50_000)]
    public void A_share_of_0_changes_none_and_of_1_all(double share, int changed)
    {
        _rig.Add(new CorruptToxic { Share = share });
        byte[] bytes = Bytes(50_000);
        _rig.Send(bytes);

        Assert.That(bytes.Zip(_rig.Receive()).Count(static pair => pair.First != pair.Second), Is.EqualTo(changed));
    }

    [Test]
    public void A_corrupted_byte_takes_each_other_value()
    {
        _rig.Add(new CorruptToxic { Share = 1 });
        _rig.Send(new byte[50_000]);

        Assert.That(_rig.Receive().Distinct().Order(), Is.EqualTo(Enumerable.Range(1, 255)));
    }

    [Test]
    public void The_share_follows_an_update_and_ends_with_the_removal()
    {
        ToxicStage stage = _rig.Add(new CorruptToxic { Share = 0 });
        _rig.Add(new NoOpToxic());
        stage.Change(new CorruptToxic { Share = 1 }, _rig.Now);
        _rig.Send(1, 2, 3);
        byte[] corrupted = _rig.Receive();
        _rig.Remove(stage);
        _rig.Send(1, 2, 3);

        Assert.That(corrupted.Zip((byte[])[1, 2, 3]).All(static pair => pair.First != pair.Second), Is.True);
        Assert.That(_rig.Receive(), Is.EqualTo((byte[])[1, 2, 3]));
    }

    [TestCase("connect_delay")]
    [TestCase("refuse")]
    [NotUnderWine(NotUnderWineAttribute.Exceptions)]
    public void A_toxic_that_acts_before_the_relay_has_no_stage(string type)
    {
        Toxic toxic = type == "refuse" ? new RefuseToxic() : new ConnectDelayToxic();

        Assert.That(() => _rig.Add(toxic), Throws.ArgumentException.With.Message.Contains(type));
        Assert.That(ToxicStages.ActsOnBytes(toxic), Is.False);
    }
}
