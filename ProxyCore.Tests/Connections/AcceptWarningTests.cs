using ProxyCore.Connections.Listening;

namespace ProxyCore.Tests.Connections;

/// <summary>Trouble on an address is news once, however many listeners have it.</summary>
internal sealed class AcceptWarningTests
{
    [Test]
    public void It_begins_with_the_first_listener_and_ends_with_the_last()
    {
        var first = new AcceptWarning();
        AcceptWarning second = first.Share();

        Assert.That((first.Begin(), first.Begin(), second.Begin()), Is.EqualTo((true, false, false)));
        Assert.That((first.End(), first.End(), second.End()), Is.EqualTo((false, false, true)));
        Assert.That(second.Begin(), Is.True, "a burst of its own");
    }

    [Test]
    public void Listeners_on_different_addresses_have_nothing_in_common()
    {
        new AcceptWarning().Begin();

        Assert.That(new AcceptWarning().Begin(), Is.True);
    }
}
