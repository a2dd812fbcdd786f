using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using ProxyCore.Relay.Transports;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Tls;

/// <summary>Handshakes that fail: who says why, and in which words.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class RefusedHandshakeTests(TlsEngineKind kind) : TlsFixture(kind)
{
    [Test]
    public void A_client_that_does_not_trust_the_certificate_is_named_with_its_alert()
    {
        using var strangers = new TestCertificates("Strangers");

        (string? server, string client) = Refused(ServerContext(), ClientContext(parameters => parameters with { Ca = strangers.Ca }));

        Assert.That(server, Is.EqualTo(Kind == TlsEngineKind.SslStream ? null : "the client does not trust the certificate (alert unknown_ca)"));
        Assert.That(client, Does.StartWith("the certificate is from no trusted CA"));
    }

    [Test]
    public void A_client_that_has_CAs_of_the_system_alone_trusts_no_other()
    {
        (_, string client) = Refused(ServerContext(), ClientContext(static parameters => parameters with { Ca = null }));

        Assert.That(client, Does.StartWith("the certificate is from no trusted CA"));
    }

    [Test]
    public void A_certificate_for_another_name_is_refused()
    {
        (_, string client) = Refused(ServerContext(), ClientContext(static parameters => parameters with { ServerName = "b.example" }));

        Assert.That(client, Is.EqualTo("the certificate is not for the name 'b.example'"));
    }

    [Test]
    public void A_certificate_for_another_address_is_refused()
    {
        TlsContext client = ClientContext(static parameters => parameters with { ServerName = null, Address = IPAddress.Parse("192.0.2.1") });

        (_, string cause) = Refused(ServerContext(), client);

        Assert.That(cause, Is.EqualTo("the certificate is not for the address 192.0.2.1"));
    }

    [Test]
    public void A_certificate_that_has_expired_is_refused()
    {
        TestCertificate expired = Certificates.IssueExpired(Name);

        (string? server, string client) = Refused(ServerContext(parameters => parameters with { Identity = expired.Identity }), ClientContext());

        Assert.That(client, Is.EqualTo("the certificate has expired"));
        Assert.That(server, Is.EqualTo(Kind == TlsEngineKind.SslStream ? null : "the client takes the certificate for expired (alert certificate_expired)"));
    }

    [Test]
    public void Sides_without_an_application_protocol_in_common_part()
    {
        TlsContext server = ServerContext(static parameters => parameters with { Alpn = ["h2"] });

        (string? one, string other) = Refused(server, ClientContext(static parameters => parameters with { Alpn = ["http/1.1"] }));

        Assert.That(one, Is.EqualTo("the client and the proxy have no application protocol in common"));
        Assert.That(other, Does.Contain("no_application_protocol"));
    }

    [Test]
    public async Task A_client_of_an_older_version_is_refused()
    {
        SocketPair sockets = Connect();
        SslStream client = Stream(sockets.Far);
        Task handshake = client.AuthenticateAsClientAsync(DotNetClient(SslProtocols.Tls12));
        TlsEnd server = Accept(ServerContext(static parameters => parameters with { MinimumVersion = TlsVersion.Tls13 }), sockets.Near);

        Assert.That(server.Handshake(), Is.EqualTo(HandshakeStatus.Failed));

        Assert.That(server.Transport.FailureCause, Is.EqualTo("the client and the proxy have no version of TLS in common"));
        await Assert.ThatAsync(() => Bound.Within("the refusal", handshake), Throws.InstanceOf<AuthenticationException>());
    }

    [Test]
    public void A_client_that_speaks_HTTP_is_named()
    {
        SocketPair sockets = Connect();
        sockets.Far.Send("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"u8);
        TlsEnd server = Accept(ServerContext(), sockets.Near);

        Assert.That(server.Handshake(), Is.EqualTo(HandshakeStatus.Failed));

        Assert.That(server.Transport.FailureCause, Is.EqualTo("the client speaks HTTP without TLS"));
    }

    [Test]
    public void A_client_that_sends_garbage_is_refused()
    {
        SocketPair sockets = Connect();
        sockets.Far.Send(RandomBytes.Of(1000));
        TlsEnd server = Accept(ServerContext(), sockets.Near);

        Assert.That(server.Handshake(), Is.EqualTo(HandshakeStatus.Failed));
        Assert.That(server.Transport.FailureCause, Is.EqualTo("the client does not speak TLS"));
    }

    [Test]
    public void An_upstream_that_does_not_speak_TLS_is_refused()
    {
        SocketPair sockets = Connect();
        sockets.Far.Send("220 mail.example ESMTP\r\n"u8);
        TlsEnd client = ConnectTo(ClientContext(), sockets.Near);

        Assert.That(client.Handshake(), Is.EqualTo(HandshakeStatus.Failed));
        Assert.That(client.Transport.FailureCause, Is.EqualTo("the upstream does not speak TLS"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_peer_that_ends_in_the_middle_is_named(bool isUpstream)
    {
        SocketPair sockets = Connect();
        TlsEnd end = isUpstream ? ConnectTo(ClientContext(), sockets.Near) : Accept(ServerContext(), sockets.Near);
        Assert.That(end.Transport.Handshake(), Is.EqualTo(HandshakeStatus.NeedMore));
        sockets.Far.Shutdown(SocketShutdown.Send);

        Assert.That(await Task.Run(end.Handshake), Is.EqualTo(HandshakeStatus.Failed));
        Assert.That(end.Transport.FailureCause, Is.EqualTo(isUpstream ? "the upstream ended the connection" : "the client ended the connection"));
    }

    [Test]
    public void A_peer_that_resets_in_the_middle_is_a_reset()
    {
        SocketPair sockets = Connect();
        TlsEnd server = Accept(ServerContext(), sockets.Near);
        Assert.That(server.Transport.Handshake(), Is.EqualTo(HandshakeStatus.NeedMore));
        sockets.Far.Close(0);

        Assert.That(server.Handshake(), Is.EqualTo(HandshakeStatus.Reset));
    }

    /// <summary>
    /// A handshake that fails on both sides; returns the causes. An SslStream that refuses a certificate has answered the server
    /// already, and sends no alert: the server is done then, and its cause null.
    /// </summary>
    private (string? Server, string Client) Refused(TlsContext server, TlsContext client)
    {
        (TlsEnd one, TlsEnd other) = Pair(server, client);
        (HandshakeStatus first, HandshakeStatus second) = Handshakes(one, other);
        Assert.That(second, Is.EqualTo(HandshakeStatus.Failed));
        bool isDone = Kind == TlsEngineKind.SslStream && first == HandshakeStatus.Done;
        Assert.That(first, Is.EqualTo(isDone ? HandshakeStatus.Done : HandshakeStatus.Failed));
        return (isDone ? null : one.Transport.FailureCause, other.Transport.FailureCause);
    }
}
