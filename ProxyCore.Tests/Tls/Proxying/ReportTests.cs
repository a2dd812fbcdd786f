using System.Net.Security;
using System.Security.Authentication;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Identity;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>What TLS has agreed on is in the access log, and in what observers get.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class ReportTests(TlsEngineKind kind) : TlsProxyFixture(kind)
{
    [TestCase(SslProtocols.Tls12, "TLSv1.2")]
    [TestCase(SslProtocols.Tls13, "TLSv1.3")]
    public async Task Both_sides_of_a_connection_are_reported(SslProtocols version, string expected)
    {
        await using var upstream = new TestUpstream();
        var report = new LastReport();
        await using RunningProxy proxy = await Start(
            upstream.Endpoint,
            route =>
            {
                route.Listen.Add(Listen(tls =>
                {
                    tls.ClientCertificates = ClientCertificateMode.Optional;
                    tls.ClientCa = Ca;
                    tls.Alpn.Add("h2");
                }));
                route.Upstreams[0].Tls = ToUpstream();
            },
            options =>
            {
                options.AccessLog = new AccessLogOptions();
                options.ConnectionObservers.Add(report);
            });
        Action<SslClientAuthenticationOptions> ofVersion = options =>
        {
            options.EnabledSslProtocols = version;
            options.ApplicationProtocols = [SslApplicationProtocol.Http2];
        };

        StreamPeer client = await ConnectTls(proxy, change: ofVersion + Showing(Certificates.IssueClient("CN=worker, O=Example")));
        StreamPeer server = await Accept(await upstream.Accept());
        await client.Send("hello");
        await server.ReceiveText(5);
        await client.EndOrderly();
        await server.EndOrderly();

        ConnectionReport ended = await report.Ended;
        Assert.That((ended.ClientTls!.Version, ended.ClientTls.Alpn, ended.Alpn), Is.EqualTo((expected, "h2", "h2")));
        Assert.That((ended.ClientTls.PeerSubject, ended.ClientTls.PeerCommonName), Is.EqualTo(("CN=worker,O=Example", "worker")));
        Assert.That(ended.ClientTls.Cipher, Is.EqualTo(client.Tls.NegotiatedCipherSuite.ToString()));
        Assert.That((ended.ClientTls.IsResumed, ended.ServerName), Is.EqualTo((false, Name)));
        Assert.That(ended.UpstreamTls!.Version, Is.EqualTo("TLSv1.3"));
        Assert.That(ended.UpstreamTls.PeerCommonName, Is.EqualTo(Name));
        string line = (await proxy.Log.Saw("ConnectionEnded")).Text;
        Assert.That(line, Does.Contain($" name={Name} alpn=h2 tls={expected} cipher={ended.ClientTls.Cipher} "));
        Assert.That(line, Does.Contain("subject=").And.Contain("CN=worker").And.Contain(" upstreamTls=TLSv1.3 "));
    }

    [Test]
    public async Task Plain_connection_has_none_of_it()
    {
        await using var upstream = new EchoUpstream();
        var report = new LastReport();
        await using RunningProxy proxy = await Start(upstream.Endpoint, options: options => options.ConnectionObservers.Add(report));
        using (Peer client = await proxy.Connect())
        {
            await client.Echoes("hello");
        }

        ConnectionReport ended = await report.Ended;
        Assert.That((ended.ClientTls, ended.UpstreamTls), Is.EqualTo(((TlsInfo?)null, (TlsInfo?)null)));
    }
}
