using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxyCore.Relay.Transports;
using ProxyCore.Relay.Transports.SslStreams;

namespace ProxyCore.Tests.Tls.SslStreams;

/// <summary>Handshakes of the engine with itself, both sides on one thread.</summary>
internal sealed class SslStreamHandshakeTests
{
    private TestCertificates _authority = null!;
    private TestCertificates _other = null!;
    private TestCertificate _certificate = null!;

    private static readonly (HandshakeStatus Server, HandshakeStatus Client) _done = (HandshakeStatus.Done, HandshakeStatus.Done);

    [SetUp]
    public void Issue()
    {
        // New ones for each test: .NET keeps sessions by certificate and by name.
        _authority = new TestCertificates();
        _other = new TestCertificates("Other CA");
        _certificate = _authority.Issue("server.test", "127.0.0.1");
    }

    [TearDown]
    public void Dispose()
    {
        _certificate.Dispose();
        _authority.Dispose();
        _other.Dispose();
    }

    [Test]
    public void Both_sides_tell_what_they_have_agreed_on()
    {
        TlsServerParameters server = Server() with { Alpn = ["h2", "http/1.1"] };
        Outcome outcome = Run(server, Client() with { Alpn = ["http/1.1"] });

        Assert.That(outcome.Status, Is.EqualTo(_done), outcome.Causes);
        Assert.That(outcome.Server, Is.EqualTo(new TlsInfo { Version = "TLSv1.3", Cipher = outcome.Client!.Cipher, Alpn = "http/1.1" }));
        Assert.That(outcome.Client, Is.EqualTo(outcome.Server! with { PeerSubject = "CN=server.test", PeerCommonName = "server.test" }));
        Assert.That(outcome.Client!.Cipher, Does.StartWith("TLS_"));
    }

    [Test]
    public void A_session_is_resumed_and_both_sides_know()
    {
        using TlsContext server = TransportPair.Engine.CreateServerContext(Server());
        using TlsContext client = TransportPair.Engine.CreateClientContext(Client());

        Outcome[] outcomes = [Run(server, client), Run(server, client), Run(server, client)];

        Assert.That(outcomes.Select(static one => (one.Server!.IsResumed, one.Client!.IsResumed)),
            Is.EqualTo(new[] { (false, false), (true, true), (true, true) }));
    }

    [Test]
    public void A_session_is_not_resumed_where_clients_are_asked_for_a_certificate()
    {
        using TlsContext asking = TransportPair.Engine.CreateServerContext(Asking(ClientCertificateMode.Optional, _authority));
        using TlsContext silent = TransportPair.Engine.CreateServerContext(Server());
        using TlsContext client = TransportPair.Engine.CreateClientContext(Client());

        Outcome[] outcomes = [Run(silent, client), Run(asking, client), Run(asking, client)];

        Assert.That(outcomes.Select(static one => (one.Status, one.Server!.IsResumed)), Is.All.EqualTo((_done, false)));
    }

    [Test]
    public void A_ticket_opens_no_other_policy()
    {
        using TlsContext silent = TransportPair.Engine.CreateServerContext(Server());
        using TlsContext required = TransportPair.Engine.CreateServerContext(Asking(ClientCertificateMode.Required, _authority));
        using TlsContext otherCa = TransportPair.Engine.CreateServerContext(Asking(ClientCertificateMode.Required, _other));
        using TlsContext anonymous = TransportPair.Engine.CreateClientContext(Client());
        using TlsContext worker = TransportPair.Engine.CreateClientContext(
            Client() with { Identity = _authority.IssueClient("CN=worker, O=Example").Identity });

        Assert.That(Run(silent, anonymous).Status, Is.EqualTo(_done));
        Assert.That(Run(required, anonymous).ServerCause, Does.StartWith("the client sent no certificate"));
        Assert.That(Run(required, worker).Server!.PeerSubject, Is.EqualTo("CN=worker,O=Example"));
        Assert.That(Run(otherCa, worker).ServerCause, Does.StartWith("the certificate is from no trusted CA"));
    }

    [Test]
    public void The_certificate_of_a_resumed_session_is_verified_under_the_policy_that_resumes_it()
    {
        using TlsContext server = TransportPair.Engine.CreateServerContext(Server());
        using TlsContext unverified = TransportPair.Engine.CreateClientContext(Client() with { Verify = false });
        using TlsContext otherCa = TransportPair.Engine.CreateClientContext(Client() with { Ca = _other.Ca });
        Run(server, unverified);

        Outcome outcome = Run(server, otherCa);

        Assert.That(outcome.Server!.IsResumed, Is.True, "the premise");
        Assert.That(outcome.ClientCause, Does.StartWith("the certificate is from no trusted CA"));
    }

    [Test]
    public void A_client_without_verification_takes_any_certificate_and_tells_no_subject()
    {
        Outcome outcome = Run(Server(), Client() with { Ca = _other.Ca, ServerName = "else.test", Verify = false });

        Assert.That((outcome.Status, outcome.Client!.PeerSubject), Is.EqualTo((_done, (string?)null)));
    }

    [TestCase("127.0.0.1", null)]
    [TestCase("127.0.0.2", "the certificate is not for the address 127.0.0.2")]
    public void An_address_is_verified(string address, string? cause) =>
        Assert.That(Run(Server(), Client() with { ServerName = null, Address = IPAddress.Parse(address) }).ClientCause, Is.EqualTo(cause));

    [Test]
    public void The_cause_tells_what_is_wrong_with_a_certificate()
    {
        TestCertificate expired = _authority.IssueExpired("server.test");
        TestCertificate clients = _authority.IssueClient("CN=server.test");

        Assert.Multiple(() =>
        {
            Assert.That(
                Run(new TlsServerParameters(expired.Identity), Client()).ClientCause,
                Is.EqualTo("the certificate has expired"));
            Assert.That(Run(Server(), Client() with { Ca = _other.Ca }).ClientCause, Does.StartWith("the certificate is from no trusted CA"));
            Assert.That(Run(Server(), Client() with { Ca = null }).ClientCause, Does.StartWith("the certificate is from no trusted CA"));
            Assert.That(
                Run(Server(), Client() with { ServerName = "other.test" }).ClientCause,
                Is.EqualTo("the certificate is not for the name 'other.test'"));
            Assert.That(
                Run(new TlsServerParameters(clients.Identity), Client() with { ServerName = null }).ClientCause,
                Is.EqualTo("the certificate is not made for this purpose"));
        });
    }

    [Test]
    public void Both_sides_name_the_alert_when_no_application_protocol_fits()
    {
        Outcome outcome = Run(Server() with { Alpn = ["h2"] }, Client() with { Alpn = ["other"] });

        Assert.That(outcome.Status, Is.EqualTo((HandshakeStatus.Failed, HandshakeStatus.Failed)));
        Assert.That(outcome.ServerCause, Is.EqualTo("the client and the proxy have no application protocol in common"));
        Assert.That(outcome.ClientCause, Is.EqualTo("the upstream and the proxy have no application protocol in common (alert no_application_protocol)"));
    }

    [Test]
    public void The_protocol_of_a_connection_stands_above_those_of_its_context()
    {
        using TlsContext server = TransportPair.Engine.CreateServerContext(Server() with { Alpn = ["h2", "http/1.1"] });
        using TlsContext client = TransportPair.Engine.CreateClientContext(Client() with { Alpn = ["h2"] });
        using var pair = new TransportPair(server, client, alpn: "http/1.1");

        Assert.That(pair.Handshake(), Is.EqualTo(_done));
        Assert.That(pair.Server.Describe().Alpn, Is.EqualTo("http/1.1"));
    }

    [Test]
    public void Certificates_between_a_servers_own_and_the_CA_are_sent()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName("CN=Intermediate"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        using X509Certificate2 intermediate = request.Create(_authority.Root, _authority.Root.NotBefore, _authority.Root.NotAfter, [1, 2, 3]);
        using ECDsa leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leafRequest = new CertificateRequest(new X500DistinguishedName("CN=leaf.test"), leafKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("leaf.test");
        leafRequest.CertificateExtensions.Add(names.Build());
        using X509Certificate2 leaf = leafRequest.Create(
            intermediate.SubjectName, X509SignatureGenerator.CreateForECDsa(key), _authority.Root.NotBefore, _authority.Root.NotAfter, [4, 5, 6]);

        var identity = new TlsIdentity([leaf.RawData, intermediate.RawData], leafKey.ExportPkcs8PrivateKey());
        Outcome outcome = Run(new TlsServerParameters(identity), Client() with { ServerName = "leaf.test" });

        Assert.That(outcome.Status, Is.EqualTo(_done), outcome.Causes);
    }

    [Test]
    public void A_context_is_not_made_of_what_cannot_be_used()
    {
        TlsIdentity good = _certificate.Identity;
        TestCertificate weak = _authority.Issue(TestCertificates.KeyKind.Rsa1024, "server.test");
        TestCertificate stranger = _authority.Issue("server.test");

        Assert.Multiple(() =>
        {
            Assert.That(CauseOf(weak.Identity), Is.EqualTo("the key of the certificate is too small"));
            Assert.That(CauseOf(good with { Key = stranger.Identity.Key }), Is.EqualTo("the key does not belong to the certificate"));
            Assert.That(CauseOf(good with { Key = new byte[] { 1, 2 } }), Is.EqualTo("the key can't be read"));
            Assert.That(CauseOf(good with { Chain = [new byte[] { 1, 2 }] }), Is.EqualTo("the certificate can't be read"));
        });

        static string CauseOf(TlsIdentity identity) => Assert.Throws<TlsException>(
            () => TransportPair.Engine.CreateServerContext(new TlsServerParameters(identity)))!.Message;
    }

    [Test]
    public void A_context_that_is_disposed_of_serves_the_connections_it_has_and_no_other()
    {
        using TlsContext server = TransportPair.Engine.CreateServerContext(Server());
        using TlsContext client = TransportPair.Engine.CreateClientContext(Client());
        using var pair = new TransportPair(server, client);

        server.Dispose();

        Assert.That(pair.Handshake(), Is.EqualTo(_done));
        Assert.That(() => new TransportPair(server, client), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void What_is_missing_is_said_where_OpenSSL_is_not_installed()
    {
        Assert.That(SslStreamEngine.CanLoad(["libnosuch.so.1", "libnosuch.so.2"]), Is.False);
        Assert.That(SslStreamEngine.MissingLibrary, Does.Contain("libssl.so.3"));
        Assert.That(SslStreamEngine.Candidates("1.1").First(), Is.EqualTo("libssl.so.1.1"));
        Assert.That(SslStreamEngine.Candidates(null).First(), Is.EqualTo("libssl.so.3"));
        Assert.That(TransportPair.Engine.Description, Does.StartWith("SslStream of .NET 10."));
    }

    private TlsServerParameters Server() => new(_certificate.Identity);

    private TlsServerParameters Asking(ClientCertificateMode mode, TestCertificates authority) =>
        Server() with { ClientCertificates = mode, ClientCa = authority.Ca };

    private TlsClientParameters Client() => new() { ServerName = "server.test", Ca = _authority.Ca };

    private static Outcome Run(TlsServerParameters server, TlsClientParameters client)
    {
        using TlsContext serverContext = TransportPair.Engine.CreateServerContext(server);
        using TlsContext clientContext = TransportPair.Engine.CreateClientContext(client);
        return Run(serverContext, clientContext);
    }

    private static Outcome Run(TlsContext server, TlsContext client)
    {
        using var pair = new TransportPair(server, client);
        (HandshakeStatus Server, HandshakeStatus Client) status = pair.Handshake();
        if (status == _done)
        {
            // Tickets follow the handshake.
            Assert.That(TransportPair.Move(pair.Server, pair.Client, [1, 2, 3]), Is.EqualTo(new byte[] { 1, 2, 3 }));
        }

        return new Outcome(
            status,
            status.Server == HandshakeStatus.Done ? pair.Server.Describe() : null,
            status.Client == HandshakeStatus.Done ? pair.Client.Describe() : null,
            status.Server == HandshakeStatus.Failed ? pair.Server.FailureCause : null,
            status.Client == HandshakeStatus.Failed ? pair.Client.FailureCause : null);
    }

    private sealed record Outcome(
        (HandshakeStatus Server, HandshakeStatus Client) Status, TlsInfo? Server, TlsInfo? Client, string? ServerCause, string? ClientCause)
    {
        internal string Causes => $"{ServerCause} / {ClientCause}";
    }
}
