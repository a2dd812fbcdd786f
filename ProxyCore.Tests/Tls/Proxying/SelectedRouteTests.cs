using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>A route selector leads clients to routes of other endpoints, and around none of what these ask of a client.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class SelectedRouteTests(TlsEngineKind kind) : TlsProxyFixture(kind)
{
    private const string Strict = "strict";

    [TestCase(false)]
    [TestCase(true)]
    public async Task Client_of_a_plain_endpoint_does_not_get_into_a_route_that_requires_certificates(bool readsHeader)
    {
        await using var usual = new EchoUpstream();
        await using var secret = new EchoUpstream();
        await using RunningProxy proxy = await Start(
            usual.Endpoint, route => route.Listen.Add(Plain(readsHeader)), options => AddStrict(options, secret));
        using Peer client = await Peer.Connect(proxy.Proxy.Endpoints[0]);

        if (readsHeader)
        {
            await client.Send("PROXY UNKNOWN\r\n");
        }

        Assert.That(await client.ReceiveWhatComes(), Is.Empty);
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientTlsFailed));
        Assert.That((usual.Accepted, secret.Accepted), Is.EqualTo((0, 0)));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Client_of_another_endpoint_with_TLS_must_show_the_certificate_of_the_route()
    {
        await using var usual = new EchoUpstream();
        await using var secret = new EchoUpstream();
        await using RunningProxy proxy = await Start(
            usual.Endpoint, route => route.Listen.Add(Listen()), options => AddStrict(options, secret));

        StreamPeer client = await ConnectTls(proxy, change: Showing(Certificates.IssueClient("CN=worker")));
        await client.Echoes("hello");

        Assert.That((usual.Accepted, secret.Accepted), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task Client_of_another_endpoint_with_TLS_is_refused_without_the_certificate_of_the_route()
    {
        await using var usual = new EchoUpstream();
        await using var secret = new EchoUpstream();
        await using RunningProxy proxy = await Start(
            usual.Endpoint, route => route.Listen.Add(Listen()), options => AddStrict(options, secret));

        Assert.CatchAsync<Exception>(async () => await (await ConnectTls(proxy)).Echoes("hello"));

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientTlsFailed));
        Assert.That((usual.Accepted, secret.Accepted), Is.EqualTo((0, 0)));
    }

    private static ListenOptions Plain(bool readsHeader) => new()
    {
        Address = "127.0.0.1:0",
        ProxyProtocol = readsHeader ? new ProxyProtocolOptions { From = { "127.0.0.1" } } : null,
    };

    private void AddStrict(TcpProxyOptions options, TestUpstream secret)
    {
        options.RouteSelector = new ToStrict();
        options.Routes.Add(new RouteOptions
        {
            Name = Strict,
            Listen = { Listen(static tls => tls.Alpn.Add("h2")) },
            ClientCertificates = ClientCertificateMode.Required,
            ClientCa = Ca,
            Upstreams = { new UpstreamOptions { Address = secret.Endpoint.ToString()! } },
        });
    }

    private sealed class ToStrict : IRouteSelector
    {
        public string? ChooseRoute(ClientInfo client) => Strict;
    }
}
