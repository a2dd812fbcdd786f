using ProxyCore.Relay;
using ProxyCore.Relay.Toxics;
using static ProxyCore.Tests.Relay.Toxics.ToxicRig;

namespace ProxyCore.Tests.Relay.Toxics;

internal sealed class CutStageTests
{
    private ToxicRig _rig = null!;

    [SetUp]
    public void Create() => _rig = new ToxicRig();

    [TearDown]
    public void Dispose() => _rig.Dispose();

    [TestCase(ToxicEnd.Reset, StageVerdict.Reset)]
    [TestCase(ToxicEnd.Fin, StageVerdict.Close)]
    public void The_connection_ends_after_its_time_whatever_it_carries(ToxicEnd end, object verdict)
    {
        _rig.Now = Ms(1000);
        _rig.Add(new CutToxic { After = Ms(100), End = end });
        _rig.Now = Ms(1099);
        _rig.Send(1, 2);
        Assert.That((_rig.Receive(), _rig.NextDue, _rig.Verdict), Is.EqualTo((new byte[] { 1, 2 }, (TimeSpan?)Ms(1100), StageVerdict.Continue)));

        _rig.ReceiveAt(1100);

        Assert.That((_rig.Verdict, _rig.NextDue), Is.EqualTo(((StageVerdict)verdict, (TimeSpan?)null)));
    }

    [Test]
    public void An_update_counts_from_the_same_begin()
    {
        ToxicStage stage = _rig.Add(new CutToxic { After = Ms(1000) });
        _rig.Now = Ms(50);
        stage.Change(new CutToxic { After = Ms(80) }, _rig.Now);

        Assert.That(_rig.NextDue, Is.EqualTo(Ms(80)));
    }

    [Test]
    public void A_removal_keeps_the_connection()
    {
        ToxicStage stage = _rig.Add(new CutToxic { After = Ms(100) });
        _rig.Add(new NoOpToxic());
        _rig.Remove(stage);
        _rig.Now = Ms(500);
        _rig.Send(1);

        Assert.That((_rig.Receive(), _rig.Verdict, _rig.NextDue), Is.EqualTo((new byte[] { 1 }, StageVerdict.Continue, (TimeSpan?)null)));
    }
}
