using ProxyCore.Relay;
using ProxyCore.Relay.Toxics;
using static ProxyCore.Tests.Relay.Toxics.ToxicRig;

namespace ProxyCore.Tests.Relay.Toxics;

internal sealed class TimeoutStageTests
{
    private ToxicRig _rig = null!;

    [SetUp]
    public void Create() => _rig = new ToxicRig();

    [TearDown]
    public void Dispose() => _rig.Dispose();

    [Test]
    public void A_quiet_connection_ends_by_FIN_after_the_timeout()
    {
        _rig.Add(new TimeoutToxic { Timeout = Ms(100) });
        Assert.That(_rig.NextDue, Is.EqualTo(Ms(100)));
        _rig.ReceiveAt(99);
        Assert.That(_rig.Verdict, Is.EqualTo(StageVerdict.Continue));

        _rig.ReceiveAt(100);

        Assert.That((_rig.Verdict, _rig.HasEnded, _rig.Room, _rig.NextDue), Is.EqualTo((StageVerdict.Close, true, 0, (TimeSpan?)null)));
    }

    [Test]
    public void Bytes_are_lost_and_begin_the_timeout_anew()
    {
        _rig.Add(new TimeoutToxic { Timeout = Ms(100) });
        for (int i = 1; i < 20; i++)
        {
            _rig.Now = Ms(i * 90);
            _rig.Send(1, 2, 3);
            Assert.That(_rig.Receive(), Is.Empty);
        }

        Assert.That((_rig.Verdict, _rig.NextDue), Is.EqualTo((StageVerdict.Continue, (TimeSpan?)Ms((19 * 90) + 100))));
    }

    [Test]
    public void A_timeout_of_zero_never_ends_the_connection()
    {
        _rig.Add(new TimeoutToxic());
        _rig.Send(1);

        Assert.That(_rig.ReceiveAt(1_000_000_000), Is.Empty);

        Assert.That((_rig.Verdict, _rig.NextDue), Is.EqualTo((StageVerdict.Continue, (TimeSpan?)null)));
    }

    [Test]
    public void The_end_of_the_stream_passes_at_once()
    {
        _rig.Add(new TimeoutToxic { Timeout = Ms(100) });
        _rig.Send(1);

        _rig.SendEnd();

        Assert.That((_rig.HasEnded, _rig.Verdict, _rig.NextDue), Is.EqualTo((true, StageVerdict.Continue, (TimeSpan?)null)));
    }

    [Test]
    public void An_update_begins_the_timeout_anew()
    {
        ToxicStage stage = _rig.Add(new TimeoutToxic { Timeout = Ms(100) });
        _rig.Now = Ms(50);

        stage.Change(new TimeoutToxic { Timeout = Ms(70) }, _rig.Now);

        Assert.That(_rig.NextDue, Is.EqualTo(Ms(120)));
    }

    [Test]
    public void A_removal_ends_the_connection_because_its_bytes_are_lost()
    {
        ToxicStage stage = _rig.Add(new TimeoutToxic { Timeout = Ms(100) });
        _rig.Send(1);

        _rig.Remove(stage);

        Assert.That((_rig.Verdict, _rig.Chain.EndedBy, _rig.HasEnded), Is.EqualTo((StageVerdict.Close, stage, true)));
    }
}
