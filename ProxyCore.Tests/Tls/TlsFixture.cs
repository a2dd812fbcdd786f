using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ProxyCore.Relay;
using ProxyCore.Relay.Transports;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Tls;

/// <summary>One loop with an engine of TLS, certificates, and peers of many kinds. All is freed after each test.</summary>
internal abstract class TlsFixture(TlsEngineKind kind)
{
    protected const string Name = "a.example";

    private readonly List<IDisposable> _owned = [];
    private RelayBuffers _buffers = null!;

    protected TlsLoop TlsLoop { get; private set; } = null!;

    protected TestCertificates Certificates { get; private set; } = null!;

    protected TestCertificate Certificate { get; private set; } = null!;

    protected TlsEngine Engine { get; private set; } = null!;

    protected TlsEngineKind Kind => kind;

    protected PendingPool Pool => _buffers.Pool;

    [OneTimeSetUp]
    public void MakeCertificates()
    {
        Engine = TlsEngines.Create(kind);
        Certificates = new TestCertificates();
        Certificate = Certificates.Issue(Name, "127.0.0.1");
    }

    [OneTimeTearDown]
    public void FreeCertificates()
    {
        Certificate?.Dispose();
        Certificates?.Dispose();
    }

    [SetUp]
    public void MakeLoop()
    {
        _buffers = new RelayBuffers(64 * 1024, new PendingBudget(long.MaxValue));
        TlsLoop = Engine.CreateLoop(_buffers);
    }

    [TearDown]
    public void FreeAll()
    {
        _owned.AsEnumerable().Reverse().ToList().ForEach(static one => one.Dispose());
        _owned.Clear();
        Assert.That(Pool.Rented, Is.Zero, "blocks that were not returned");
        TlsLoop.Dispose();
        _buffers.Dispose();
    }

    protected T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    protected SocketPair Connect(int? buffers = null) => Own(SocketPair.Connect(buffers));

    protected TlsContext ServerContext(Func<TlsServerParameters, TlsServerParameters>? change = null)
    {
        var parameters = new TlsServerParameters(Certificate.Identity);
        return Own(Engine.CreateServerContext(change is null ? parameters : change(parameters)));
    }

    /// <summary>A client that trusts the authority of the tests and asks for <see cref="Name"/>.</summary>
    protected TlsContext ClientContext(Func<TlsClientParameters, TlsClientParameters>? change = null)
    {
        var parameters = new TlsClientParameters { ServerName = Name, Ca = Certificates.Ca };
        return Own(Engine.CreateClientContext(change is null ? parameters : change(parameters)));
    }

    protected TlsEnd Accept(TlsContext context, Socket socket, PendingBytes? early = null) =>
        Own(new TlsEnd(TlsLoop.Accept(context, socket, early), socket));

    protected TlsEnd ConnectTo(TlsContext context, Socket socket, string? alpn = null) =>
        Own(new TlsEnd(TlsLoop.Connect(context, socket, alpn), socket));

    /// <summary>A server and a client of the engine on the two ends of a connection; their handshake is still to come.</summary>
    protected (TlsEnd Server, TlsEnd Client) Pair(TlsContext server, TlsContext client, int? buffers = null)
    {
        SocketPair sockets = Connect(buffers);
        sockets.Far.Blocking = false;
        return (Accept(server, sockets.Near), ConnectTo(client, sockets.Far));
    }

    /// <summary>The same with the handshake done.</summary>
    protected (TlsEnd Server, TlsEnd Client) EstablishedPair(TlsContext? server = null, TlsContext? client = null, int? buffers = null)
    {
        (TlsEnd Server, TlsEnd Client) pair = Pair(server ?? ServerContext(), client ?? ClientContext(), buffers);
        Assert.That(Handshakes(pair.Server, pair.Client), Is.EqualTo((HandshakeStatus.Done, HandshakeStatus.Done)));
        return pair;
    }

    /// <summary>Takes both handshakes to their ends, on one thread.</summary>
    protected static (HandshakeStatus One, HandshakeStatus Other) Handshakes(TlsEnd one, TlsEnd other)
    {
        HandshakeStatus first = HandshakeStatus.NeedMore;
        HandshakeStatus second = HandshakeStatus.NeedMore;
        DateTime end = DateTime.UtcNow + SocketPair.Patience;
        while ((first == HandshakeStatus.NeedMore || second == HandshakeStatus.NeedMore) && DateTime.UtcNow < end)
        {
            first = first == HandshakeStatus.NeedMore ? one.Transport.Handshake() : first;
            second = second == HandshakeStatus.NeedMore ? other.Transport.Handshake() : second;
        }

        return (first, second);
    }

    /// <summary>.NET's TLS on a socket that blocks.</summary>
    protected SslStream Stream(Socket socket) => Own(new SslStream(new NetworkStream(socket)));

    protected SslStream Stream(Stream stream) => Own(new SslStream(stream));

    /// <summary>Options of a .NET client that trusts the authority of the tests and asks for <see cref="Name"/>.</summary>
    protected SslClientAuthenticationOptions DotNetClient(SslProtocols version = SslProtocols.None)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(Certificates.Root);
        return new SslClientAuthenticationOptions
        {
            TargetHost = Name,
            EnabledSslProtocols = version,
            CertificateChainPolicy = policy,
        };
    }
}
