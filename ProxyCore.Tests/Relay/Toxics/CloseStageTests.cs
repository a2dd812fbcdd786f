using ProxyCore.Relay;
using ProxyCore.Relay.Toxics;
using static ProxyCore.Tests.Relay.Toxics.ToxicRig;

namespace ProxyCore.Tests.Relay.Toxics;

internal sealed class CloseStageTests
{
    private ToxicRig _rig = null!;

    [SetUp]
    public void Create() => _rig = new ToxicRig();

    [TearDown]
    public void Dispose() => _rig.Dispose();

    [TestCase(ToxicEnd.Reset, StageVerdict.Reset)]
    [TestCase(ToxicEnd.Fin, StageVerdict.Close)]
    public void The_connection_ends_its_delay_after_the_first_bytes_which_are_lost(ToxicEnd end, object verdict)
    {
        _rig.Add(new CloseToxic { Delay = Ms(100), End = end });
        Assert.That(_rig.NextDue, Is.Null, "an idle connection does not end");
        _rig.Now = Ms(1000);
        _rig.Send(1, 2, 3);
        _rig.Now = Ms(1050);
        _rig.Send(4);
        Assert.That((_rig.Receive().Length, _rig.Verdict, _rig.NextDue), Is.EqualTo((0, StageVerdict.Continue, (TimeSpan?)Ms(1100))));

        Assert.That(_rig.ReceiveAt(1100), Is.Empty);

        Assert.That((_rig.Verdict, _rig.NextDue, _rig.Room), Is.EqualTo(((StageVerdict)verdict, (TimeSpan?)null, 0)));
    }

    [Test]
    public void Without_a_delay_the_first_bytes_end_it_at_once()
    {
        _rig.Add(new CloseToxic());

        _rig.Send(1);

        Assert.That(_rig.Verdict, Is.EqualTo(StageVerdict.Reset));
    }

    [Test]
    public void The_end_of_the_stream_wakes_it_too_and_does_not_pass_before()
    {
        _rig.Add(new CloseToxic { Delay = Ms(100) });
        _rig.SendEnd();
        Assert.That((_rig.HasEnded, _rig.NextDue), Is.EqualTo((false, (TimeSpan?)Ms(100))));

        _rig.ReceiveAt(100);

        Assert.That(_rig.Verdict, Is.EqualTo(StageVerdict.Reset));
    }

    [Test]
    public void A_removal_interrupts_the_wait_and_what_comes_next_passes()
    {
        ToxicStage stage = _rig.Add(new CloseToxic { Delay = Ms(100) });
        _rig.Add(new NoOpToxic());
        _rig.Send(1);
        _rig.Remove(stage);

        _rig.Send(2);

        Assert.That((_rig.ReceiveAt(500), _rig.Verdict), Is.EqualTo((new byte[] { 2 }, StageVerdict.Continue)));
    }

    [Test]
    public void A_removal_lets_an_end_pass_that_waited()
    {
        ToxicStage stage = _rig.Add(new CloseToxic { Delay = Ms(100) });
        _rig.SendEnd();

        _rig.Remove(stage);

        Assert.That((_rig.HasEnded, _rig.Verdict), Is.EqualTo((true, StageVerdict.Continue)));
    }

    [Test]
    public void An_update_moves_the_end_counted_from_the_first_bytes()
    {
        ToxicStage stage = _rig.Add(new CloseToxic { Delay = Ms(1000) });
        _rig.Send(1);
        _rig.Now = Ms(50);

        stage.Change(new CloseToxic { Delay = Ms(80), End = ToxicEnd.Fin }, _rig.Now);
        Assert.That(_rig.NextDue, Is.EqualTo(Ms(80)));
        _rig.ReceiveAt(80);

        Assert.That(_rig.Verdict, Is.EqualTo(StageVerdict.Close));
    }
}
