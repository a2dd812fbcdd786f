using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using ProxyCore.Relay;
using ProxyCore.Relay.Transports;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Tls.SslStreams;

/// <summary>Handshakes with a peer on a thread of its own, that speaks one version of TLS or none.</summary>
[SuppressMessage("Security", "CA5359", Justification = "What a client verifies is not of interest here: its server is in the same test.")]
internal sealed class SslStreamPeerTests
{
    private static readonly byte[] _bytes = [1, 2, 3];

    private TestCertificates _authority = null!;
    private TestCertificate _certificate = null!;
    private SocketPair _sockets = null!;
    private RelayBuffers _buffers = null!;
    private TlsLoop _loop = null!;
    private TlsContext _context = null!;
    private TlsTransport? _transport;

    [SetUp]
    public void Connect()
    {
        _authority = new TestCertificates();
        _certificate = _authority.Issue("server.test");
        _sockets = SocketPair.Connect();
        _buffers = new RelayBuffers(64 * 1024, new PendingBudget(long.MaxValue));
        _loop = TransportPair.Engine.CreateLoop(_buffers);
        _context = TransportPair.Engine.CreateServerContext(new TlsServerParameters(_certificate.Identity));
    }

    [TearDown]
    public void Close()
    {
        _transport?.Release();
        _transport = null;
        Assert.That(_buffers.Pool.Rented, Is.Zero, "all blocks are returned");
        _loop.Dispose();
        _context.Dispose();
        _buffers.Dispose();
        _sockets.Dispose();
        _certificate.Dispose();
        _authority.Dispose();
    }

    [Test]
    public async Task A_TLS_1_2_client_is_served_and_resumes()
    {
        for (int round = 0; round < 2; round++)
        {
            using SocketPair sockets = SocketPair.Connect();
            TlsTransport transport = _loop.Accept(_context, sockets.Near, early: null);
            await using SslStream client = new(new NetworkStream(sockets.Far));
            Task handshake = Task.Run(() => client.AuthenticateAsClientAsync(Tls12Client()));
            Assert.That(Finish(transport), Is.EqualTo(HandshakeStatus.Done));
            await handshake;

            Assert.That((transport.Describe().Version, transport.Describe().IsResumed), Is.EqualTo(("TLSv1.2", round == 1)));
            await client.WriteAsync(_bytes);
            await client.ShutdownAsync();
            Assert.That(TransportPair.Receive(transport).Bytes, Is.EqualTo(_bytes));
            Assert.That(TransportPair.Receive(transport), Is.EqualTo((TransferResult.Success, Array.Empty<byte>())));
            Assert.That(transport.IsTruncated, Is.False);
            transport.Release();
        }
    }

    [Test]
    public async Task A_TLS_1_2_server_resumes_and_the_client_knows()
    {
        using TlsContext context = TransportPair.Engine.CreateClientContext(new TlsClientParameters { ServerName = "server.test", Ca = _authority.Ca });
        for (int round = 0; round < 2; round++)
        {
            using SocketPair sockets = SocketPair.Connect();
            TlsTransport transport = _loop.Connect(context, sockets.Near, alpn: null);
            await using SslStream server = new(new NetworkStream(sockets.Far));
            Task handshake = Task.Run(() => server.AuthenticateAsServerAsync(Tls12Server()));
            Assert.That(Finish(transport), Is.EqualTo(HandshakeStatus.Done));
            await handshake;

            Assert.That((transport.Describe().Version, transport.Describe().IsResumed), Is.EqualTo(("TLSv1.2", round == 1)));
            transport.Send(_bytes, out _);
            byte[] received = new byte[3];
            await server.ReadExactlyAsync(received);
            Assert.That(received, Is.EqualTo(_bytes));
            transport.Release();
        }
    }

    [Test]
    public async Task A_version_that_is_too_old_is_refused_with_an_alert()
    {
        using TlsContext context = TransportPair.Engine.CreateServerContext(
            new TlsServerParameters(_certificate.Identity) { MinimumVersion = TlsVersion.Tls13 });
        _transport = _loop.Accept(context, _sockets.Near, early: null);
        await using SslStream client = new(new NetworkStream(_sockets.Far));
        Task handshake = Task.Run(() => client.AuthenticateAsClientAsync(Tls12Client()));

        Assert.That(Finish(_transport), Is.EqualTo(HandshakeStatus.Failed));
        Assert.That(_transport.FailureCause, Is.EqualTo("the client and the proxy have no version of TLS in common"));
        Assert.That(() => handshake, Throws.InstanceOf<AuthenticationException>().With.InnerException.InnerException.Message.Contains("protocol version"));
    }

    [Test]
    public async Task Bytes_that_were_read_before_come_first()
    {
        await using SslStream client = new(new NetworkStream(_sockets.Far));
        Task handshake = Task.Run(() => client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "server.test",
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
        }));
        _sockets.Near.WaitReadable();
        byte[] hello = new byte[100];
        PendingBytes early = _buffers.Pool.Keep(hello.AsSpan(0, _sockets.Near.Receive(hello)));

        _transport = _loop.Accept(_context, _sockets.Near, early);

        Assert.That(Finish(_transport), Is.EqualTo(HandshakeStatus.Done));
        await handshake;
        await client.WriteAsync(_bytes);
        Assert.That(TransportPair.Receive(_transport).Bytes, Is.EqualTo(_bytes));
    }

    [TestCase("SSH-2.0-OpenSSH_9.2\r\n")]
    [TestCase("\u0016\u0003\u0001\u007f\u007f.")]
    public void What_is_not_TLS_is_refused(string text)
    {
        _transport = _loop.Accept(_context, _sockets.Near, early: null);
        _sockets.Far.Send(Encoding.Latin1.GetBytes(text));

        Assert.That(Finish(_transport), Is.EqualTo(HandshakeStatus.Failed));
        Assert.That(_transport.FailureCause, Is.EqualTo("the client does not speak TLS"));
    }

    [Test]
    public void A_client_that_ends_in_the_handshake_is_named()
    {
        _transport = _loop.Accept(_context, _sockets.Near, early: null);
        Assert.That(_transport.Handshake(), Is.EqualTo(HandshakeStatus.NeedMore));
        _sockets.Far.Shutdown(SocketShutdown.Send);

        Assert.That(Finish(_transport), Is.EqualTo(HandshakeStatus.Failed));
        Assert.That(_transport.FailureCause, Is.EqualTo("the client ended the connection"));
    }

    [Test]
    public void A_reset_in_the_handshake_is_one()
    {
        _transport = _loop.Accept(_context, _sockets.Near, early: null);
        Assert.That(_transport.Handshake(), Is.EqualTo(HandshakeStatus.NeedMore));
        _sockets.Far.Close(0);

        Assert.That(Finish(_transport), Is.EqualTo(HandshakeStatus.Reset));
        Assert.That(_transport.FailureCause, Is.EqualTo("the client reset the connection"));
    }

    [Test]
    public async Task A_client_that_distrusts_the_certificate_says_so_with_its_alert()
    {
        string? openssl = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .Select(static folder => Path.Combine(folder, "openssl")).FirstOrDefault(File.Exists);
        Assume.That(openssl, Is.Not.Null, "openssl is not installed");
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        using var client = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            openssl!, ["s_client", "-verify_return_error", "-connect", $"{listener.LocalEndpoint}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using Socket accepted = await listener.AcceptSocketAsync().WaitAsync(SocketPair.Patience);
        accepted.Blocking = false;
        _transport = _loop.Accept(_context, accepted, early: null);

        Assert.That(Finish(_transport), Is.EqualTo(HandshakeStatus.Failed));
        Assert.That(_transport.FailureCause, Is.EqualTo("the client does not trust the certificate (alert unknown_ca)"));
        await client.WaitForExitAsync().WaitAsync(SocketPair.Patience);
    }

    private static HandshakeStatus Finish(TlsTransport transport)
    {
        HandshakeStatus status = HandshakeStatus.NeedMore;
        SpinWait.SpinUntil(() => (status = transport.Handshake()) != HandshakeStatus.NeedMore, SocketPair.Patience);
        return status;
    }

    private static SslClientAuthenticationOptions Tls12Client() => new()
    {
        TargetHost = "server.test",
        EnabledSslProtocols = SslProtocols.Tls12,
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
    };

    private SslServerAuthenticationOptions Tls12Server() => new()
    {
        ServerCertificate = _certificate.Certificate,
        EnabledSslProtocols = SslProtocols.Tls12,
    };
}
