using System.Security.Cryptography.X509Certificates;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Identity;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>The name that a client asks for chooses its certificate, or refuses it.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class CertificateByNameTests(TlsEngineKind kind) : TlsProxyFixture(kind)
{
    // A fatal alert, number 112.
    private static readonly byte[] _unrecognizedName = [0x02, 0x70];

    [TestCase("a.example", "a.example")]
    [TestCase("A.Example", "a.example")]
    [TestCase("www.b.example", "*.b.example")]
    [TestCase("exact.b.example", "exact.b.example")]
    [TestCase("deep.www.b.example", "a.example")]
    [TestCase("unknown.example", "a.example")]
    [TestCase(null, "a.example")]
    public async Task Client_gets_the_exact_name_before_the_wildcard_before_the_first(string? asked, string expected)
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await Start(upstream.Endpoint, route => route.Listen.Add(Listen(tls =>
        {
            tls.Certificates.Add(Write(Certificates.Issue("*.b.example"), "wildcard"));
            tls.Certificates.Add(Write(Certificates.Issue("exact.b.example"), "exact"));
        })));

        StreamPeer client = await ConnectTls(proxy, asked, TrustingAnyName);
        await client.Echoes("hello");

        var certificate = (X509Certificate2)client.Tls.RemoteCertificate!;
        Assert.That(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false), Is.EqualTo(expected));
    }

    [Test]
    public async Task Name_that_nothing_has_is_refused_with_an_alert_where_the_endpoint_says_so()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await Start(upstream.Endpoint, route => route.Listen.Add(Rejecting()));
        using Peer client = await proxy.Connect();

        await client.Send(Hello.Of("unknown.example"));

        byte[] alert = await client.ReceiveToEnd();
        Assert.That((alert[0], alert[5..]), Is.EqualTo(((byte)0x15, _unrecognizedName)));
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.NoRoute));
        Assert.That(upstream.Accepted, Is.Zero);
    }

    [Test]
    public async Task Name_of_a_certificate_or_no_name_is_served_where_unknown_ones_are_refused()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await Start(upstream.Endpoint, route => route.Listen.Add(Rejecting()));

        StreamPeer named = await ConnectTls(proxy);
        await named.Echoes("hello");
        StreamPeer nameless = await ConnectTls(proxy, name: null);
        await nameless.Echoes("hello");
    }

    private ListenOptions Rejecting() => Listen(static tls => tls.UnknownName = UnknownNameAction.Reject);
}
