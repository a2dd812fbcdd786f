using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections;

namespace ProxyCore.Tests.Statistics;

/// <summary>How a client is named to find its connections.</summary>
internal sealed class ClientMatchTests
{
    [TestCase("10.0.0.1", "10.0.0.1:4711", true)]
    [TestCase("10.0.0.1", "[::ffff:10.0.0.1]:4711", true)]
    [TestCase("10.0.0.1", "10.0.0.2:4711", false)]
    [TestCase("10.0.0.0/8", "10.9.8.7:1", true)]
    [TestCase("10.0.0.0/8", "11.0.0.0:1", false)]
    [TestCase("10.0.0.1:4711", "10.0.0.1:4711", true)]
    [TestCase("10.0.0.1:4711", "10.0.0.1:4712", false)]
    [TestCase("2001:db8::1", "[2001:db8::1]:4711", true)]
    [TestCase("2001:db8::/32", "[2001:db8:1::1]:4711", true)]
    [TestCase("[2001:db8::1]:4711", "[2001:db8::1]:4711", true)]
    [TestCase("[2001:db8::1]:4711", "[2001:db8::1]:4712", false)]
    [TestCase("unix", "10.0.0.1:4711", false)]
    public void Client_is_named_by_address_range_or_port(string text, string client, bool matches) =>
        Assert.That(Parse(text).Matches(IPEndPoint.Parse(client)), Is.EqualTo(matches));

    [Test]
    public void Clients_on_unix_sockets_have_a_word_of_their_own()
    {
        var client = new UnixDomainSocketEndPoint("/tmp/some");

        Assert.That(Parse("unix").Matches(client), Is.True);
        Assert.That(Parse("0.0.0.0/0").Matches(client), Is.False);
        Assert.That(Parse("0.0.0.0/0").Matches(null), Is.False);
    }

    [TestCase("")]
    [TestCase("10.0.0")]
    [TestCase("10.0.0.1:65536")]
    [TestCase("10.0.0.1:")]
    [TestCase("10.0.0.0/8:80")]
    [TestCase("[2001:db8::1]")]
    [TestCase("a.example")]
    public void All_else_is_refused_with_a_cause(string text)
    {
        Assert.That(ClientMatch.TryParse(text, out _, out string? cause), Is.False);
        Assert.That(cause, Is.Not.Empty);
    }

    private static ClientMatch Parse(string text)
    {
        Assert.That(ClientMatch.TryParse(text, out ClientMatch? match, out string? cause), Is.True, cause);
        return match!;
    }
}
