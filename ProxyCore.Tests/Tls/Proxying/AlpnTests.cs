using System.Net.Security;
using System.Security.Authentication;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>The protocol that is agreed on in the handshake.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class AlpnTests(TlsEngineKind kind) : TlsProxyFixture(kind)
{
    [Test]
    public async Task The_endpoints_order_decides()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await Start(upstream.Endpoint, route => route.Listen.Add(Web()));

        StreamPeer client = await ConnectTls(proxy, change: Offering("http/1.1", "h2"));

        Assert.That(client.Tls.NegotiatedApplicationProtocol, Is.EqualTo(SslApplicationProtocol.Http2));
    }

    [Test]
    public async Task Client_that_offers_none_is_served_without()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await Start(upstream.Endpoint, route => route.Listen.Add(Web()));

        StreamPeer client = await ConnectTls(proxy);
        await client.Echoes("hello");

        Assert.That(client.Tls.NegotiatedApplicationProtocol.Protocol.IsEmpty);
    }

    [Test]
    public async Task Client_without_a_common_protocol_is_refused()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await Start(upstream.Endpoint, route => route.Listen.Add(Web()));

        Assert.That(
            () => ConnectTls(proxy, change: Offering("imap")),
            Throws.InstanceOf<AuthenticationException>().Or.InstanceOf<IOException>());

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientTlsFailed));
        Assert.That(upstream.Accepted, Is.Zero);
    }

    [TestCase("h2")]
    [TestCase("http/1.1")]
    public async Task Upstream_is_offered_what_the_client_has_agreed_on(string protocol)
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Start(upstream.Endpoint, route =>
        {
            route.Listen.Add(Web());
            route.Upstreams[0].Tls = ToUpstream(static tls => tls.Alpn.Add(UpstreamTlsOptions.ClientAlpn));
        });

        StreamPeer client = await ConnectTls(proxy, change: Offering(protocol));
        StreamPeer server = await Accept(await upstream.Accept(), OfferingBoth);

        Assert.That(server.Tls.NegotiatedApplicationProtocol.ToString(), Is.EqualTo(protocol));
        Assert.That(client.Tls.NegotiatedApplicationProtocol.ToString(), Is.EqualTo(protocol));
    }

    [Test]
    public async Task Upstream_of_a_client_without_a_protocol_is_offered_none()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Start(upstream.Endpoint, route =>
        {
            route.Listen.Add(Web());
            route.Upstreams[0].Tls = ToUpstream(static tls => tls.Alpn.Add(UpstreamTlsOptions.ClientAlpn));
        });

        await ConnectTls(proxy);
        StreamPeer server = await Accept(await upstream.Accept(), OfferingBoth);

        Assert.That(server.Tls.NegotiatedApplicationProtocol.Protocol.IsEmpty);
    }

    private static void OfferingBoth(SslServerAuthenticationOptions options) =>
        options.ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    private static Action<SslClientAuthenticationOptions> Offering(params string[] protocols) => options =>
        options.ApplicationProtocols = [.. protocols.Select(static one => new SslApplicationProtocol(one))];

    private ListenOptions Web() => Listen(static tls =>
    {
        tls.Alpn.Add("h2");
        tls.Alpn.Add("http/1.1");
    });
}
