using System.Net;
using ProxyCore.Relay.Transports;

namespace ProxyCore.Tests.Tls.SslStreams;

/// <summary>Handshakes of SslStream with itself, both sides on one thread.</summary>
internal sealed class SslStreamHandshakeTests
{
    private TestCertificates _authority = null!;
    private TestCertificates _other = null!;

    [OneTimeSetUp]
    public void Issue()
    {
        _authority = new TestCertificates();
        _other = new TestCertificates("Other CA");
    }

    [OneTimeTearDown]
    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    [TestCase(TlsVersion.Tls12)]
    [TestCase(TlsVersion.Tls13)]
    public void Explore(TlsVersion version)
    {
        TestCertificate cert = _authority.Issue("server.test", "127.0.0.1");
        Run("plain", new TlsServerParameters(cert.Identity), Client());
        Run("plain again", new TlsServerParameters(cert.Identity), Client());
        Run("ip", new TlsServerParameters(cert.Identity), new TlsClientParameters { Address = IPAddress.Loopback, Ca = _authority.Ca });
        Run("ip other", new TlsServerParameters(cert.Identity), new TlsClientParameters { Address = IPAddress.Parse("127.0.0.2"), Ca = _authority.Ca });
        Run("name other", new TlsServerParameters(cert.Identity), Client() with { ServerName = "other.test" });
        Run("ca other", new TlsServerParameters(cert.Identity), Client() with { Ca = _other.Ca });
        Run("ca system", new TlsServerParameters(cert.Identity), Client() with { Ca = null });
        Run("expired", new TlsServerParameters(_authority.IssueExpired("server.test").Identity), Client());
        Run("required none", new TlsServerParameters(cert.Identity) { ClientCa = _authority.Ca, ClientCertificates = ClientCertificateMode.Required }, Client());
        Run("optional none", new TlsServerParameters(cert.Identity) { ClientCa = _authority.Ca, ClientCertificates = ClientCertificateMode.Optional }, Client());
        Run("required ok", new TlsServerParameters(cert.Identity) { ClientCa = _authority.Ca, ClientCertificates = ClientCertificateMode.Required }, Client() with { Identity = _authority.IssueClient("CN=worker, O=Example").Identity });
        Run("required other", new TlsServerParameters(cert.Identity) { ClientCa = _authority.Ca, ClientCertificates = ClientCertificateMode.Required }, Client() with { Identity = _other.IssueClient("CN=worker, O=Example").Identity });
        Run("alpn ok", new TlsServerParameters(cert.Identity) { Alpn = ["h2", "http/1.1"] }, Client() with { Alpn = ["http/1.1"] });
        Run("alpn none", new TlsServerParameters(cert.Identity) { Alpn = ["h2", "http/1.1"] }, Client() with { Alpn = ["x"] });
        Run("version", new TlsServerParameters(cert.Identity) { MinimumVersion = TlsVersion.Tls13 }, Client());
        Run("rsa", new TlsServerParameters(_authority.Issue(TestCertificates.KeyKind.Rsa2048, "server.test").Identity), Client());
        Run("rsa1024", new TlsServerParameters(_authority.Issue(TestCertificates.KeyKind.Rsa1024, "server.test").Identity), Client());

        TlsClientParameters Client() => new() { ServerName = "server.test", Ca = _authority.Ca, MinimumVersion = version };
    }

    private static void Run(string what, TlsServerParameters server, TlsClientParameters client)
    {
        try
        {
            using TlsContext s = TransportPair.Engine.CreateServerContext(server);
            using TlsContext c = TransportPair.Engine.CreateClientContext(client);
            using var pair = new TransportPair(s, c);
            var result = pair.Handshake();
            Console.WriteLine($"{what}: {result} | {(result.Server == HandshakeStatus.Done ? pair.Server.Describe() : pair.Server.FailureCause)} | {(result.Client == HandshakeStatus.Done ? pair.Client.Describe() : pair.Client.FailureCause)}");
            if (result == (HandshakeStatus.Done, HandshakeStatus.Done))
            {
                byte[] bytes = Loop.SocketSteps.Pattern(300_000);
                Assert.That(TransportPair.Move(pair.Server, pair.Client, bytes), Is.EqualTo(bytes));
                Assert.That(TransportPair.Move(pair.Client, pair.Server, bytes), Is.EqualTo(bytes));
                Assert.That(TransportPair.Move(pair.Client, pair.Server, bytes, 1000), Is.EqualTo(bytes));
            }
            else if (result.Client == HandshakeStatus.Done)
            {
                pair.ServerSocket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
                Console.WriteLine("   client then: " + TransportPair.Receive(pair.Client).Result + " trunc " + pair.Client.IsTruncated);
            }
        }
        catch (Exception e)
        {
            Console.WriteLine($"{what}: EXCEPTION {e.GetType().Name} {e.Message} {e.InnerException?.Message}");
            if (e is not TlsException) throw;
        }
    }
}
