using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using ProxyCore.Relay.Transports;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Tls;

/// <summary>Handshakes that come to an end which both sides want.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class HandshakeTests(TlsEngineKind kind) : TlsFixture(kind)
{
    private static readonly byte[] _hello = "hello"u8.ToArray();

    [TestCase(SslProtocols.Tls12, "TLSv1.2")]
    [TestCase(SslProtocols.Tls13, "TLSv1.3")]
    public async Task A_client_of_NET_is_served_in_each_version(SslProtocols version, string name)
    {
        SocketPair sockets = Connect();
        SslStream client = Stream(sockets.Far);
        Task handshake = client.AuthenticateAsClientAsync(DotNetClient(version));
        TlsEnd server = Accept(ServerContext(), sockets.Near);

        Assert.That(server.Handshake(), Is.EqualTo(HandshakeStatus.Done), server.Transport.FailureCause);
        await Bound.Within("the client's handshake", handshake);
        TlsInfo info = server.Transport.Describe();
        Assert.That(info.Version, Is.EqualTo(name));
        Assert.That(info.Cipher, Is.EqualTo(client.NegotiatedCipherSuite.ToString()));
        Assert.That((info.Alpn, info.PeerSubject, info.PeerCommonName, info.IsResumed), Is.EqualTo(((string?)null, (string?)null, (string?)null, false)));

        await client.WriteAsync(_hello);
        Assert.That(server.ReceiveExactly(5), Is.EqualTo(_hello));
        server.Send(_hello);
        Assert.That(await Read(client, 5), Is.EqualTo(_hello));
    }

    [TestCase(SslProtocols.Tls12, "TLSv1.2")]
    [TestCase(SslProtocols.Tls13, "TLSv1.3")]
    public async Task A_server_of_NET_is_verified_by_name_and_spoken_to_in_each_version(SslProtocols version, string name)
    {
        SocketPair sockets = Connect();
        SslStream server = Stream(sockets.Far);
        string? asked = null;
        var options = new SslServerAuthenticationOptions
        {
            EnabledSslProtocols = version,
            ServerCertificateSelectionCallback = (_, host) =>
            {
                asked = host;
                return Certificate.Certificate;
            },
        };
        Task handshake = server.AuthenticateAsServerAsync(options);
        TlsEnd client = ConnectTo(ClientContext(), sockets.Near);

        Assert.That(client.Handshake(), Is.EqualTo(HandshakeStatus.Done), client.Transport.FailureCause);
        await Bound.Within("the server's handshake", handshake);
        TlsInfo info = client.Transport.Describe();
        Assert.That((info.Version, info.PeerCommonName, info.PeerSubject, asked), Is.EqualTo((name, Name, "CN=a.example", Name)));

        await server.WriteAsync(_hello);
        Assert.That(client.ReceiveExactly(5), Is.EqualTo(_hello));
    }

    [TestCase(TestCertificates.KeyKind.P256)]
    [TestCase(TestCertificates.KeyKind.Rsa2048)]
    public void Both_kinds_of_keys_serve(TestCertificates.KeyKind key)
    {
        TestCertificate certificate = Certificates.Issue(key, Name);

        (TlsEnd server, _) = EstablishedPair(ServerContext(parameters => parameters with { Identity = certificate.Identity }));

        Assert.That(server.Transport.Describe().Version, Is.EqualTo("TLSv1.3"));
    }

    [TestCase("127.0.0.1")]
    [TestCase("::ffff:127.0.0.1")]
    public void A_server_without_a_name_is_verified_by_its_address(string address)
    {
        TlsContext client = ClientContext(parameters => parameters with { ServerName = null, Address = IPAddress.Parse(address) });

        (_, TlsEnd end) = EstablishedPair(client: client);

        Assert.That(end.Transport.Describe().PeerCommonName, Is.EqualTo(Name));
    }

    [Test]
    public void A_server_that_is_not_verified_has_no_subject()
    {
        TlsContext client = ClientContext(static parameters => parameters with { Verify = false, Ca = null, ServerName = "other.example" });

        (_, TlsEnd end) = EstablishedPair(client: client);

        Assert.That(end.Transport.Describe().PeerSubject, Is.Null);
    }

    [Test]
    public void The_server_chooses_the_first_of_its_own_protocols_that_the_client_offers()
    {
        TlsContext server = ServerContext(static parameters => parameters with { Alpn = ["h3", "h2", "http/1.1"] });
        TlsContext client = ClientContext(static parameters => parameters with { Alpn = ["http/1.1", "h2"] });

        (TlsEnd one, TlsEnd other) = EstablishedPair(server, client);

        Assert.That((one.Transport.Describe().Alpn, other.Transport.Describe().Alpn), Is.EqualTo(("h2", "h2")));
    }

    [Test]
    public void A_protocol_that_is_given_for_one_connection_is_offered_instead_of_those_of_the_context()
    {
        TlsContext server = ServerContext(static parameters => parameters with { Alpn = ["h2", "http/1.1"] });
        TlsContext client = ClientContext(static parameters => parameters with { Alpn = ["h2"] });
        SocketPair sockets = Connect();
        sockets.Far.Blocking = false;
        TlsEnd one = Accept(server, sockets.Near);

        TlsEnd other = ConnectTo(client, sockets.Far, "http/1.1");

        Assert.That(Handshakes(one, other), Is.EqualTo((HandshakeStatus.Done, HandshakeStatus.Done)));
        Assert.That((one.Transport.Describe().Alpn, other.Transport.Describe().Alpn), Is.EqualTo(("http/1.1", "http/1.1")));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_side_that_names_no_protocol_goes_on_without(bool serverHasSome)
    {
        TlsContext server = ServerContext(parameters => parameters with { Alpn = serverHasSome ? ["h2"] : [] });
        TlsContext client = ClientContext(parameters => parameters with { Alpn = serverHasSome ? [] : ["h2"] });

        (TlsEnd one, TlsEnd other) = EstablishedPair(server, client);

        Assert.That((one.Transport.Describe().Alpn, other.Transport.Describe().Alpn), Is.EqualTo(((string?)null, (string?)null)));
    }

    [Test]
    public async Task A_hello_that_comes_in_single_bytes_is_understood()
    {
        SocketPair sockets = Connect();
        SslStream client = Stream(new SingleByteStream(sockets.Far));
        Task handshake = client.AuthenticateAsClientAsync(DotNetClient());
        TlsEnd server = Accept(ServerContext(), sockets.Near);

        Assert.That(server.Handshake(), Is.EqualTo(HandshakeStatus.Done), server.Transport.FailureCause);
        await Bound.Within("the client's handshake", handshake);
    }

    [TestCase(1)]
    [TestCase(100)]
    [TestCase(int.MaxValue)]
    public async Task What_was_read_before_is_the_beginning_of_the_hello(int early)
    {
        SocketPair sockets = Connect();
        SslStream client = Stream(sockets.Far);
        Task handshake = client.AuthenticateAsClientAsync(DotNetClient());
        Assert.That(sockets.Near.Poll(SocketPair.Patience, System.Net.Sockets.SelectMode.SelectRead), Is.True);
        var bytes = new byte[Math.Min(early, 16 * 1024)];
        int count = sockets.Near.Receive(bytes);

        TlsEnd server = Accept(ServerContext(), sockets.Near, Pool.Keep(bytes.AsSpan(0, count)));

        Assert.That(server.Handshake(), Is.EqualTo(HandshakeStatus.Done), server.Transport.FailureCause);
        await Bound.Within("the client's handshake", handshake);
    }

    [Test]
    public void Bytes_that_come_together_with_the_end_of_the_handshake_are_held()
    {
        (TlsEnd server, TlsEnd client) = Pair(ServerContext(), ClientContext());
        HandshakeStatus status = HandshakeStatus.NeedMore;
        while (status == HandshakeStatus.NeedMore)
        {
            server.Transport.Handshake();
            status = client.Transport.Handshake();
        }

        client.Send(_hello);
        Assert.That(server.Handshake(), Is.EqualTo(HandshakeStatus.Done));

        Assert.That(server.Transport.HoldsBytes, Is.True, "no event comes for them");
        Assert.That(server.ReceiveExactly(5), Is.EqualTo(_hello));
        Assert.That(server.Transport.HoldsBytes, Is.False);
    }

    private static async Task<byte[]> Read(SslStream stream, int count)
    {
        var bytes = new byte[count];
        await Bound.Within($"{count} bytes", stream.ReadExactlyAsync(bytes).AsTask());
        return bytes;
    }
}
