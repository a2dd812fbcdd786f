using ProxyCore.Relay;
using ProxyCore.Relay.Transports;

namespace ProxyCore.Tests.Tls;

/// <summary>Which clients a server serves under each policy for their certificates.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class ClientCertificateTests(TlsEngineKind kind) : TlsFixture(kind)
{
    [TestCase(ClientCertificateMode.Optional)]
    [TestCase(ClientCertificateMode.Required)]
    public void A_client_with_a_certificate_of_the_CA_is_known_by_its_subject(ClientCertificateMode mode)
    {
        TestCertificate worker = Certificates.IssueClient("CN=worker 7, O=\"Example, Inc.\"");

        (TlsEnd server, _) = EstablishedPair(Asking(mode), With(worker));

        TlsInfo info = server.Transport.Describe();
        Assert.That((info.PeerSubject, info.PeerCommonName), Is.EqualTo((@"CN=worker 7,O=Example\, Inc.", "worker 7")));
    }

    [Test]
    public void A_subject_is_one_printable_line()
    {
        TestCertificate worker = Certificates.IssueClient("CN=\"wörker\u0007\u202E\r\nroot\"");

        (TlsEnd server, _) = EstablishedPair(Asking(ClientCertificateMode.Required), With(worker));

        TlsInfo info = server.Transport.Describe();
        Assert.That(info.PeerSubject, Does.Match("^[ -~]+$"));
        Assert.That(info.PeerCommonName, Is.EqualTo(@"wörker\x07\u{202E}\r\nroot"));
    }

    [Test]
    public void A_client_without_a_certificate_is_served_where_it_is_optional()
    {
        (TlsEnd server, _) = EstablishedPair(Asking(ClientCertificateMode.Optional));

        Assert.That(server.Transport.Describe().PeerSubject, Is.Null);
    }

    [Test]
    public void A_client_is_not_asked_where_the_mode_is_none()
    {
        (TlsEnd server, _) = EstablishedPair(ServerContext(), With(Certificates.IssueClient("CN=worker")));

        Assert.That(server.Transport.Describe().PeerSubject, Is.Null);
    }

    [Test]
    public void A_client_without_a_certificate_is_refused_where_it_is_required_and_told_so()
    {
        (TlsEnd server, TlsEnd client) = Pair(Asking(ClientCertificateMode.Required), ClientContext());

        // In TLS 1.3 the client is done before the server has judged it.
        Assert.That(Handshakes(server, client), Is.EqualTo((HandshakeStatus.Failed, HandshakeStatus.Done)));
        Assert.That(server.Transport.FailureCause, Is.EqualTo("the client sent no certificate"));
        if (Kind == TlsEngineKind.SslStream)
        {
            Assert.Pass("SslStream sends no alert: the client learns no reason");
        }

        Assert.That(client.ReceiveEnd(), Is.EqualTo(TransferResult.Reset));
        Assert.That(client.Transport.FailureCause, Is.EqualTo("the upstream asks for a certificate (alert certificate_required)"));
    }

    [TestCase(ClientCertificateMode.Optional)]
    [TestCase(ClientCertificateMode.Required)]
    public void A_client_with_a_certificate_of_another_CA_is_refused(ClientCertificateMode mode)
    {
        using var strangers = new TestCertificates("Strangers");
        (TlsEnd server, TlsEnd client) = Pair(Asking(mode), With(strangers.IssueClient("CN=worker")));

        Assert.That(Handshakes(server, client).One, Is.EqualTo(HandshakeStatus.Failed));
        Assert.That(server.Transport.FailureCause, Does.StartWith("the certificate is from no trusted CA"));
        if (Kind == TlsEngineKind.OpenSsl)
        {
            // SslStream sends no alert.
            Assert.That(client.ReceiveEnd(), Is.EqualTo(TransferResult.Reset));
        }
    }

    [Test]
    public void A_certificate_of_a_server_is_not_one_of_a_client()
    {
        (TlsEnd server, TlsEnd client) = Pair(Asking(ClientCertificateMode.Required), With(Certificate));

        Assert.That(Handshakes(server, client).One, Is.EqualTo(HandshakeStatus.Failed));
        Assert.That(server.Transport.FailureCause, Is.EqualTo("the certificate is not made for this purpose"));
    }

    [Test]
    public void Without_a_CA_no_client_is_trusted()
    {
        TlsContext context = ServerContext(static parameters => parameters with { ClientCertificates = ClientCertificateMode.Optional });
        (TlsEnd server, TlsEnd client) = Pair(context, With(Certificates.IssueClient("CN=worker")));

        Assert.That(Handshakes(server, client).One, Is.EqualTo(HandshakeStatus.Failed));
    }

    private TlsContext Asking(ClientCertificateMode mode) =>
        ServerContext(parameters => parameters with { ClientCertificates = mode, ClientCa = Certificates.Ca });

    private TlsContext With(TestCertificate certificate) =>
        ClientContext(parameters => parameters with { Identity = certificate.Identity });
}
