using ProxyCore.Settings;
using ProxyCore.Sharing;

namespace ProxyCore.Tests.Sharing;

/// <summary>What records are about, as text in a store.</summary>
internal sealed class SharedKeyTests
{
    [TestCase("deny/10.0.0.0/8")]
    [TestCase("deny/2001:db8::1")]
    [TestCase("upstream/web/10.0.0.2%3A80/state")]
    [TestCase("upstream/a%2Fb%20%C3%A9/unix%3A%2Frun%2Fweb.sock/maximum")]
    public void Key_is_read_as_it_is_written(string text)
    {
        Assert.That(SharedKey.TryParse(text, out SharedKey? key), Is.True);
        Assert.That(key!.Text, Is.EqualTo(text));
    }

    [TestCase("")]
    [TestCase("deny/")]
    [TestCase("deny/10.0.0.1/8")]
    [TestCase("deny/::ffff:10.0.0.1")]
    [TestCase("upstream/web/10.0.0.2:80/state")]
    [TestCase("upstream/web/10.0.0.2%3A80/color")]
    [TestCase("upstream/web/state")]
    [TestCase("toxic/web/latency")]
    public void What_no_proxy_writes_is_no_key(string text) => Assert.That(SharedKey.TryParse(text, out _), Is.False);

    [Test]
    public void Each_setting_of_an_upstream_is_a_record_of_its_own()
    {
        var change = new UpstreamChange
        {
            Upstream = "10.0.0.2:80",
            State = UpstreamAdministration.Drain,
            Weight = 3,
            MaxConnections = null,
            EndConnections = true,
        };

        Assert.That(
            SharedKey.OfChange("web", change).Select(static one => (one.Key.Text, one.Value)),
            Is.EqualTo([
                ("upstream/web/10.0.0.2%3A80/state", "Drain end"), ("upstream/web/10.0.0.2%3A80/weight", "3"), ("upstream/web/10.0.0.2%3A80/maximum", null),
            ]));
    }

    [TestCase("state", "Disabled end", true)]
    [TestCase("state", "Ready", false)]
    [TestCase("state", "Ready end", false)]
    [TestCase("state", "drain", false)]
    [TestCase("state", null, true)]
    [TestCase("weight", "1000", true)]
    [TestCase("weight", "1001", false)]
    [TestCase("maximum", "0", false)]
    [TestCase("maximum", null, true)]
    public void Value_of_a_setting_has_its_range(string setting, string? value, bool isValid)
    {
        Assert.That(SharedKey.TryParse($"upstream/web/10.0.0.2%3A80/{setting}", out SharedKey? key), Is.True);
        Assert.That(key!.Allows(value, hasEnd: false), Is.EqualTo(isValid));
        Assert.That(key.Allows(value, hasEnd: true), Is.EqualTo(value is null), "what is set of an upstream has no end");
    }

    [Test]
    public void Denied_range_without_an_end_is_invalid()
    {
        var key = SharedKey.OfDeny(AddressRange.TryParse("10.0.0.0/8", out AddressRange range, out _) ? range : default);

        Assert.That(key.Allows(SharedKey.Keep, hasEnd: true), Is.True);
        Assert.That(key.Allows(SharedKey.Keep, hasEnd: false), Is.False);
        Assert.That(key.Allows("for ever", hasEnd: true), Is.False);
    }
}
