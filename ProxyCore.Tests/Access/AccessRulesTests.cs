using System.Net;
using ProxyCore.Access;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Access;

/// <summary>A denied client may never connect; where some are allowed, only these may.</summary>
internal sealed class AccessRulesTests
{
    private static readonly AddressSet _allowed = Of("10.0.0.0/8");
    private static readonly AddressSet _denied = Of("10.1.0.0/16");

    [TestCase("10.2.0.1", true)]
    [TestCase("::ffff:10.2.0.1", true)]
    [TestCase("10.1.0.1", false)]
    [TestCase("::ffff:10.1.0.1", false)]
    [TestCase("11.0.0.1", false)]
    [TestCase("2001:db8::1", false)]
    public void Deny_comes_before_allow_and_all_others_are_refused(string address, bool allows) =>
        Assert.That(new AccessRules(_allowed, _denied).Allows(IPAddress.Parse(address)), Is.EqualTo(allows));

    [TestCase("10.1.0.1", false)]
    [TestCase("11.0.0.1", true)]
    [TestCase("2001:db8::1", true)]
    public void Without_an_allow_list_all_but_the_denied_may_connect(string address, bool allows) =>
        Assert.That(new AccessRules(Allowed: null, _denied).Allows(IPAddress.Parse(address)), Is.EqualTo(allows));

    [Test]
    public void An_allow_list_without_an_address_lets_nobody_in() =>
        Assert.That(new AccessRules(AddressSet.Empty, AddressSet.Empty).Allows(IPAddress.Loopback), Is.False);

    [Test]
    public void A_client_of_a_Unix_socket_may_always_connect() =>
        Assert.That(new AccessRules(AddressSet.Empty, Of("0.0.0.0/0", "::/0")).Allows(null), Is.True);

    [Test]
    public void Open_rules_let_every_client_in()
    {
        Assert.That(AccessRules.Open.Allows(IPAddress.Any), Is.True);
        Assert.That(AccessRules.Open.Allows(IPAddress.IPv6Loopback), Is.True);
    }

    private static AddressSet Of(params string[] texts) => AddressSet.Of(texts.Select(static text =>
    {
        Assert.That(AddressRange.TryParse(text, out AddressRange range, out string? cause), Is.True, cause);
        return range;
    }));
}
