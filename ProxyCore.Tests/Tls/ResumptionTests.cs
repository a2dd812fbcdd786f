using System.Net.Security;
using System.Security.Authentication;
using ProxyCore.Relay.Transports;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Tls;

/// <summary>Which sessions are resumed.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.WithOwnSessions))]
internal sealed class ResumptionTests(TlsEngineKind kind) : TlsFixture(kind)
{
    private static readonly bool[] _allButFirst = [false, true, true];
    private static readonly bool[] _allButLast = [true, true, false];

    [Test]
    public void A_second_connection_of_a_client_resumes_the_session_of_the_first()
    {
        TlsContext server = ServerContext();
        TlsContext client = ClientContext();

        Assert.That(Visit(server, client).IsResumed, Is.False);
        Assert.That(Visit(server, client).IsResumed, Is.True);
        Assert.That(Visit(server, client).IsResumed, Is.True, "a resumed connection brings a ticket, too");
    }

    [TestCase(SslProtocols.Tls12)]
    [TestCase(SslProtocols.Tls13)]
    public async Task A_session_of_a_server_of_NET_is_resumed(SslProtocols version)
    {
        TlsContext client = ClientContext();
        SslStreamCertificateContext certificate = SslStreamCertificateContext.Create(Certificate.Certificate, additionalCertificates: null, offline: true);
        var options = new SslServerAuthenticationOptions { ServerCertificateContext = certificate, EnabledSslProtocols = version };
        bool[] resumed = new bool[3];
        for (int visit = 0; visit < resumed.Length; visit++)
        {
            SocketPair sockets = Connect();
            SslStream server = Stream(sockets.Far);
            Task handshake = server.AuthenticateAsServerAsync(options);
            TlsEnd end = ConnectTo(client, sockets.Near);
            Assert.That(end.Handshake(), Is.EqualTo(HandshakeStatus.Done), end.Transport.FailureCause);
            await Bound.Within("the server's handshake", handshake);
            await server.WriteAsync("ticket"u8.ToArray());
            end.ReceiveExactly(6);
            resumed[visit] = end.Transport.Describe().IsResumed;
        }

        Assert.That(resumed, Is.EqualTo(_allButFirst));
    }

    [Test]
    public void A_ticket_of_TLS_13_is_used_once()
    {
        TlsContext server = ServerContext();
        TlsContext client = ClientContext();
        Visit(server, client);

        // A full handshake brings two tickets; none of these reads a new one.
        bool[] resumed = [.. Enumerable.Range(0, 3).Select(_ => EstablishedPair(server, client).Client.Transport.Describe().IsResumed)];

        Assert.That(resumed, Is.EqualTo(_allButLast));
    }

    [Test]
    public void A_session_is_not_resumed_with_another_context_of_the_server()
    {
        TlsContext client = ClientContext();
        Visit(ServerContext(), client);

        Assert.That(Visit(ServerContext(), client).IsResumed, Is.False);
    }

    [Test]
    public void A_resumed_client_keeps_its_subject()
    {
        TlsContext server = ServerContext(parameters => parameters with { ClientCertificates = ClientCertificateMode.Required, ClientCa = Certificates.Ca });
        TlsContext client = ClientContext(parameters => parameters with { Identity = Certificates.IssueClient("CN=worker").Identity });
        Visit(server, client);

        (TlsEnd end, _) = EstablishedPair(server, client);

        Assert.That((end.Transport.Describe().IsResumed, end.Transport.Describe().PeerSubject), Is.EqualTo((true, "CN=worker")));
    }

    [Test]
    public void A_connection_that_was_cut_leaves_its_session_resumable()
    {
        TlsContext server = ServerContext();
        TlsContext client = ClientContext();
        (TlsEnd one, TlsEnd other) = EstablishedPair(server, client);
        one.Send([1]);
        other.ReceiveExactly(1);
        one.Socket.Close(0);
        Assert.That(other.ReceiveEnd(), Is.EqualTo(ProxyCore.Relay.TransferResult.Reset));

        // The second ticket is of the session that the connection itself had.
        Assert.That(EstablishedPair(server, client).Client.Transport.Describe().IsResumed, Is.True);
        Assert.That(EstablishedPair(server, client).Client.Transport.Describe().IsResumed, Is.True);
    }

    [Test]
    public void A_context_that_is_disposed_serves_the_connections_that_it_has()
    {
        TlsContext server = ServerContext();
        TlsContext client = ClientContext();
        (TlsEnd one, TlsEnd other) = EstablishedPair(server, client);
        server.Dispose();
        client.Dispose();

        one.Send([1, 2, 3]);

        Assert.That(other.ReceiveExactly(3), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    /// <summary>A connection that moves a byte each way, so that the client reads its tickets; returns what the client has.</summary>
    private TlsInfo Visit(TlsContext server, TlsContext client)
    {
        (TlsEnd one, TlsEnd other) = EstablishedPair(server, client);
        one.Send([1]);
        other.ReceiveExactly(1);
        return other.Transport.Describe();
    }
}
