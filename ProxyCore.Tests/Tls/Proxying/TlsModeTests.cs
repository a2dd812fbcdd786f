using System.Security.Cryptography.X509Certificates;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>One endpoint ends the TLS of some names and passes that of others on.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class TlsModeTests(TlsEngineKind kind) : TlsProxyFixture(kind)
{
    private const string Passed = "bank.example";

    [Test]
    public async Task Name_decides_who_ends_the_TLS()
    {
        await using var plain = new EchoUpstream();
        await using var bank = new TestUpstream();
        await using RunningProxy proxy = await StartBoth(plain, bank);
        TestCertificate own = Certificates.Issue(Passed);

        StreamPeer ended = await ConnectTls(proxy);
        await ended.Echoes("hello");
        Task<StreamPeer> connecting = ConnectTls(proxy, Passed);
        StreamPeer server = await Accept(await bank.Accept(), options => options.ServerCertificate = own.Certificate);
        StreamPeer passed = await connecting;
        await server.Send("from the bank");

        Assert.That(await passed.ReceiveText(13), Is.EqualTo("from the bank"));
        Assert.That(SerialOf(passed), Is.EqualTo(own.Certificate.SerialNumber));
        Assert.That(SerialOf(ended), Is.EqualTo(Issued.Certificate.SerialNumber));
        Assert.That((plain.Accepted, bank.Accepted), Is.EqualTo((1, 1)));
    }

    private static string SerialOf(StreamPeer client) => ((X509Certificate2)client.Tls.RemoteCertificate!).SerialNumber;

    private Task<RunningProxy> StartBoth(TestUpstream plain, TestUpstream bank)
    {
        ListenOptions listen = Listen();
        listen.Address = SharedAddress();
        return Start(
            plain.Endpoint,
            route =>
            {
                route.Listen.Add(listen);
                route.ServerNames.Add(Name);
            },
            options => options.Routes.Add(new RouteOptions
            {
                Name = "bank",
                Listen = { listen },
                ServerNames = { Passed },
                Tls = RouteTlsMode.Passthrough,
                Upstreams = { new UpstreamOptions { Address = bank.Endpoint.ToString()! } },
            }));
    }
}
