using ProxyCore.Relay;
using ProxyCore.Relay.Toxics;
using static ProxyCore.Tests.Relay.Toxics.ToxicRig;

namespace ProxyCore.Tests.Relay.Toxics;

internal sealed class LimitDataStageTests
{
    private ToxicRig _rig = null!;

    [SetUp]
    public void Create() => _rig = new ToxicRig();

    [TearDown]
    public void Dispose() => _rig.Dispose();

    [TestCase(9, StageVerdict.Continue)]
    [TestCase(10, StageVerdict.Close)]
    [TestCase(11, StageVerdict.Close)]
    public void The_connection_ends_as_soon_as_the_limit_is_reached_and_the_rest_is_lost(int sent, object verdict)
    {
        _rig.Add(new LimitDataToxic { Bytes = 10 });

        _rig.Send(Bytes(sent));

        Assert.That((_rig.Receive(), _rig.Verdict), Is.EqualTo((Bytes(Math.Min(sent, 10)), (StageVerdict)verdict)));
    }

    [Test]
    public void The_end_comes_behind_the_bytes_that_pass()
    {
        _rig.Add(new LimitDataToxic { Bytes = 10 });
        _rig.Send(Bytes(20));
        Assert.That((_rig.HasEnded, _rig.Room), Is.EqualTo((false, 0)));

        Assert.That(_rig.Receive(), Has.Length.EqualTo(10));

        Assert.That(_rig.HasEnded, Is.True);
    }

    [Test]
    public void A_limit_of_zero_ends_with_the_first_bytes()
    {
        _rig.Add(new LimitDataToxic());
        Assert.That((_rig.Receive().Length, _rig.Verdict), Is.EqualTo((0, StageVerdict.Continue)));

        _rig.Send(1);

        Assert.That((_rig.Receive().Length, _rig.Verdict), Is.EqualTo((0, StageVerdict.Close)));
    }

    [Test]
    public void The_count_survives_an_update()
    {
        ToxicStage stage = _rig.Add(new LimitDataToxic { Bytes = 10 });
        _rig.Send(Bytes(4));
        _rig.Receive();
        stage.Change(new LimitDataToxic { Bytes = 6 }, _rig.Now);

        _rig.Send(Bytes(5));

        Assert.That((_rig.Receive(), _rig.Verdict), Is.EqualTo((Bytes(2), StageVerdict.Close)));
    }

    [Test]
    public void A_limit_that_is_lowered_below_the_count_ends_with_the_next_bytes()
    {
        ToxicStage stage = _rig.Add(new LimitDataToxic { Bytes = 10 });
        _rig.Send(Bytes(4));
        _rig.Receive();
        stage.Change(new LimitDataToxic { Bytes = 3 }, _rig.Now);
        _rig.Receive();
        Assert.That(_rig.Verdict, Is.EqualTo(StageVerdict.Continue));

        _rig.Send(1);

        Assert.That((_rig.Receive().Length, _rig.Verdict), Is.EqualTo((0, StageVerdict.Close)));
    }

    [Test]
    public void Raising_the_limit_after_the_end_changes_nothing()
    {
        ToxicStage stage = _rig.Add(new LimitDataToxic { Bytes = 1 });
        _rig.Send(1);

        stage.Change(new LimitDataToxic { Bytes = 100 }, _rig.Now);

        Assert.That(_rig.Verdict, Is.EqualTo(StageVerdict.Close));
    }

    [Test]
    public void An_end_of_the_stream_below_the_limit_passes()
    {
        _rig.Add(new LimitDataToxic { Bytes = 10 });

        _rig.SendEnd();

        Assert.That((_rig.HasEnded, _rig.Verdict), Is.EqualTo((true, StageVerdict.Continue)));
    }

    [Test]
    public void After_the_removal_there_is_no_limit()
    {
        ToxicStage stage = _rig.Add(new LimitDataToxic { Bytes = 10 });
        _rig.Add(new NoOpToxic());
        _rig.Send(Bytes(9));
        _rig.Remove(stage);

        _rig.Send(Bytes(20));

        Assert.That((_rig.Receive().Length, _rig.Verdict), Is.EqualTo((29, StageVerdict.Continue)));
    }
}
