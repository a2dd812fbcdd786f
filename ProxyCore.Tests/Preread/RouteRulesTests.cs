using System.Text;
using ProxyCore.Preread;
using ProxyCore.Preread.Tls;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Preread;

/// <summary>Which route a client gets. A rule is written as its names, then its protocols after a colon.</summary>
internal sealed class RouteRulesTests
{
    private const string Names = "a.example | *.example | *.b.example | : | x.b.example";

    [TestCase(Names, "a.example", "", 0)]
    [TestCase(Names, "c.example", "", 1)]
    [TestCase(Names, "b.example", "", 1, Description = "a wildcard never matches the name below which it stands")]
    [TestCase(Names, "c.b.example", "", 2)]
    [TestCase(Names, "d.c.b.example", "", 2, Description = "a wildcard matches any depth")]
    [TestCase(Names, "x.b.example", "", 4)]
    [TestCase(Names, "example", "", 3)]
    [TestCase(Names, "ab.example.test", "", 3)]
    [TestCase(Names, "", "", 3)]
    [TestCase(Names, null, "", 3)]
    [TestCase("a.example", "b.example", "", -1)]
    [TestCase("a.example", "", "", -1)]
    [TestCase("a.example", null, "", -1)]
    public void The_name_decides_exact_then_longest_wildcard_then_default(string rules, string? name, string alpn, int route) =>
        Assert.That(Read(rules).Find(Hello(name, alpn)), Is.EqualTo(route));

    private const string Alpn = "a.example | a.example:h2 | a.example:imap,pop3 | :h2 | *.example:mqtt | :";

    [TestCase(Alpn, "a.example", "h2", 1)]
    [TestCase(Alpn, "a.example", "http/1.1,h2", 1)]
    [TestCase(Alpn, "a.example", "pop3", 2)]
    [TestCase(Alpn, "a.example", "", 0)]
    [TestCase(Alpn, "a.example", "dot", 0)]
    [TestCase(Alpn, "a.example", "pop3,h2", 2, Description = "the client's preference decides, not the order of rules")]
    [TestCase(Alpn, "b.example", "mqtt", 4)]
    [TestCase(Alpn, "b.example", "h2", 3)]
    [TestCase(Alpn, "b.example", "", 5)]
    [TestCase(Alpn, "", "h2", 3)]
    [TestCase(Alpn, null, "", 5)]
    [TestCase(":h2", null, "", -1)]
    [TestCase("a.example:h2 | *.example:imap | :pop3", "a.example", "imap", 1)]
    [TestCase("a.example:h2 | *.example:imap | :pop3", "a.example", "pop3", 2)]
    [TestCase("a.example:h2 | *.example:imap | :pop3", "a.example", "dot", -1)]
    [TestCase("*.b.a:h2 | *.a", "c.b.a", "", 1)]
    public void Among_routes_of_a_name_the_protocol_decides_and_if_none_fits_the_next_name_is_tried(
        string rules, string? name, string alpn, int route) =>
        Assert.That(Read(rules).Find(Hello(name, alpn)), Is.EqualTo(route));

    [TestCase("a.example | :acme-tls/1", "a.example", "acme-tls/1", 1)]
    [TestCase("a.example | :acme-tls/1", "a.example", "h2", 0)]
    [TestCase("a.example | :acme-tls/1", "a.example", "", 0)]
    [TestCase("a.example | :acme-tls/1", "", "acme-tls/1", 1)]
    [TestCase("a.example | :acme-tls/1", "b.example", "h2", -1)]
    [TestCase("a.example | *.example:acme-tls/1", "a.example", "acme-tls/1", 1)]
    [TestCase("a.example | *.example:acme-tls/1", "a.test", "acme-tls/1", -1)]
    [TestCase("a.example:acme-tls/1 | :acme-tls/1", "a.example", "acme-tls/1", 0)]
    [TestCase("a.example | :acme-tls/1,h2", "a.example", "acme-tls/1", 0, Description = "not a route for validation alone")]
    public void A_route_for_the_validation_of_certificates_comes_before_all(string rules, string name, string alpn, int route) =>
        Assert.That(Read(rules).Find(Hello(name, alpn)), Is.EqualTo(route));

    [Test]
    public void Finding_a_route_allocates_nothing()
    {
        RouteRules rules = Read(Alpn);
        ClientHello hello = Hello("e.d.c.b.example", "http/1.1,mqtt")!;
        Assert.That(rules.Find(hello), Is.EqualTo(4));
        Allocations.AssertNone(() => rules.Find(hello));
    }

    private static RouteRules Read(string rules) => new(Rules(rules));

    private static RouteRule[] Rules(string rules) => [.. rules.Split('|', StringSplitOptions.TrimEntries).Select(Rule)];

    private static RouteRule Rule(string rule)
    {
        string[] parts = rule.Split(':');
        return new RouteRule(List(parts[0]), parts.Length > 1 ? List(parts[1]) : []);
    }

    private static string[] List(string items) => items.Split(',', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A hello of this name, empty for one without a name; null for none at all.</summary>
    private static ClientHello? Hello(string? name, string alpn) => name is null ? null : new ClientHello(
        name.Length == 0 ? null : name,
        [.. List(alpn).Select(Encoding.ASCII.GetBytes).SelectMany(static item => item.Prepend((byte)item.Length))]);
}
