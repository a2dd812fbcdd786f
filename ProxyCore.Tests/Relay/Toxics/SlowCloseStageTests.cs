using ProxyCore.Relay.Toxics;
using static ProxyCore.Tests.Relay.Toxics.ToxicRig;

namespace ProxyCore.Tests.Relay.Toxics;

internal sealed class SlowCloseStageTests
{
    private ToxicRig _rig = null!;
    private ToxicStage _stage = null!;

    [SetUp]
    public void Create()
    {
        _rig = new ToxicRig();
        _stage = _rig.Add(new SlowCloseToxic { Delay = Ms(100) });
    }

    [TearDown]
    public void Dispose() => _rig.Dispose();

    [Test]
    public void Bytes_pass_at_once_and_the_end_after_its_delay()
    {
        _rig.Send(1, 2);
        Assert.That(_rig.Receive(), Is.EqualTo((byte[])[1, 2]));
        _rig.Now = Ms(10);
        _rig.SendEnd();

        Assert.That((_rig.HasEnded, _rig.NextDue), Is.EqualTo((false, (TimeSpan?)Ms(110))));
        _rig.Now = Ms(110);
        Assert.That((_rig.HasEnded, _rig.NextDue), Is.EqualTo((true, (TimeSpan?)null)));
    }

    [Test]
    public void The_delay_begins_when_the_sink_has_all_bytes()
    {
        _rig.Send(1, 2);
        _rig.SendEnd();
        _rig.Receive(most: 1);
        _rig.Now = Ms(500);
        Assert.That(_rig.HasEnded, Is.False);
        Assert.That(_rig.NextDue, Is.Null);

        _rig.Receive();

        Assert.That((_rig.HasEnded, _rig.NextDue), Is.EqualTo((false, (TimeSpan?)Ms(600))));
    }

    [Test]
    public void An_update_begins_the_delay_anew()
    {
        _rig.SendEnd();
        Assert.That(_rig.HasEnded, Is.False);
        _rig.Now = Ms(60);

        _stage.Change(new SlowCloseToxic { Delay = Ms(50) }, _rig.Now);

        Assert.That(_rig.NextDue, Is.EqualTo(Ms(110)));
    }

    [Test]
    public void An_update_does_not_take_back_an_end_that_has_passed_it()
    {
        _rig.Add(new SlowCloseToxic { Delay = Ms(100) });
        _rig.SendEnd();
        Assert.That(_rig.HasEnded, Is.False);
        _rig.Now = Ms(100);
        Assert.That(_rig.HasEnded, Is.False);

        _stage.Change(new SlowCloseToxic { Delay = Ms(5000) }, _rig.Now);
        _rig.Now = Ms(200);

        Assert.That(_rig.HasEnded, Is.True);
    }

    [Test]
    public void A_removal_during_the_delay_ends_at_once()
    {
        _rig.SendEnd();
        Assert.That(_rig.HasEnded, Is.False);

        _rig.Remove(_stage);

        Assert.That((_rig.HasEnded, _rig.NextDue), Is.EqualTo((true, (TimeSpan?)null)));
    }
}
