using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>Certificates in files, and ways to reach a proxy and an upstream by TLS. The peers speak .NET's TLS.</summary>
internal abstract class TlsProxyFixture(TlsEngineKind kind)
{
    protected const string Name = "a.example";

    private readonly List<IDisposable> _owned = [];
    private TemporaryFolder _folder = null!;

    protected TlsEngineKind Kind => kind;

    protected TestCertificates Certificates { get; private set; } = null!;

    /// <summary>The certificate of <see cref="Name"/>.</summary>
    protected TestCertificate Issued { get; private set; } = null!;

    /// <summary>Its files.</summary>
    protected CertificateOptions Files { get; private set; } = null!;

    /// <summary>The file of the authority that has issued everything.</summary>
    protected string Ca { get; private set; } = null!;

    [OneTimeSetUp]
    public void MakeCertificates()
    {
        _ = TlsEngines.Create(kind);
        _folder = new TemporaryFolder();
        Certificates = new TestCertificates();
        Issued = Certificates.Issue(Name);
        Files = Write(Issued, "a");
        Ca = WriteCa(Certificates, "ca");
    }

    [OneTimeTearDown]
    public void FreeCertificates()
    {
        Issued?.Dispose();
        Certificates?.Dispose();
        _folder?.Dispose();
    }

    [TearDown]
    public void FreePeers()
    {
        _owned.AsEnumerable().Reverse().ToList().ForEach(static one => one.Dispose());
        _owned.Clear();
    }

    protected T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    protected CertificateOptions Write(TestCertificate certificate, string file)
    {
        (string path, string key) = certificate.WriteTo(_folder.FullName, file);
        return new CertificateOptions { Certificate = path, Key = key };
    }

    protected string WriteCa(TestCertificates authority, string file)
    {
        string path = Path.Combine(_folder.FullName, $"{file}.pem");
        File.WriteAllText(path, authority.Root.ExportCertificatePem());
        return path;
    }

    /// <summary>An endpoint on a free port that ends TLS.</summary>
    protected ListenOptions Listen(Action<ListenTlsOptions>? tls = null)
    {
        var options = new ListenTlsOptions { Certificates = { Files } };
        tls?.Invoke(options);
        return new ListenOptions { Address = "127.0.0.1:0", Tls = options };
    }

    /// <summary>An address that several routes can listen on: with port 0 each would have a port of its own.</summary>
    protected string SharedAddress() => "unix:" + Path.Combine(_folder.FullName, Path.GetRandomFileName());

    /// <summary>Verified TLS to an upstream with the certificate of <see cref="Name"/>.</summary>
    protected UpstreamTlsOptions ToUpstream(Action<UpstreamTlsOptions>? change = null)
    {
        var options = new UpstreamTlsOptions { ServerName = Name, Ca = Ca };
        change?.Invoke(options);
        return options;
    }

    protected Task<RunningProxy> Start(
        EndPoint upstream, Action<RouteOptions>? route = null, Action<TcpProxyOptions>? options = null) =>
        RunningProxy.To(upstream, route, WithEngine(options));

    protected Task<RunningProxy> StartOnFakeClock(
        EndPoint upstream, Action<RouteOptions>? route = null, Action<TcpProxyOptions>? options = null) =>
        RunningProxy.OnFakeClock(upstream, route, WithEngine(options));

    /// <summary>A client with TLS that trusts the authority of the tests.</summary>
    protected async Task<StreamPeer> ConnectTls(
        RunningProxy proxy, string? name = Name, Action<SslClientAuthenticationOptions>? change = null)
    {
        Peer peer = Own(await proxy.Connect());
        return Own(await StreamPeer.Client(peer, ClientOptions(name, change)));
    }

    /// <summary>Answers a handshake with the certificate of <see cref="Name"/>, or as <paramref name="change"/> says.</summary>
    protected async Task<StreamPeer> Accept(Peer peer, Action<SslServerAuthenticationOptions>? change = null)
    {
        var options = new SslServerAuthenticationOptions { ServerCertificate = Issued.Certificate };
        change?.Invoke(options);
        return Own(await StreamPeer.Server(peer, options));
    }

    /// <summary>A session is resumed only by those who ask for it: .NET keeps one for each name, over all tests.</summary>
    protected SslClientAuthenticationOptions ClientOptions(string? name, Action<SslClientAuthenticationOptions>? change = null)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = name ?? "",
            CertificateChainPolicy = Trusting(Certificates),
            AllowTlsResume = false,
        };
        if (name is null)
        {
            TrustingAnyName(options);
        }

        change?.Invoke(options);
        return options;
    }

    /// <summary>A client takes a certificate of the authority whatever names it has.</summary>
    protected static void TrustingAnyName(SslClientAuthenticationOptions options) =>
        options.RemoteCertificateValidationCallback = static (_, _, _, errors) => (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == 0;

    /// <summary>A client shows this certificate.</summary>
    protected static Action<SslClientAuthenticationOptions> Showing(TestCertificate certificate) => options =>
        options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate.Certificate, null, offline: true);

    protected static X509ChainPolicy Trusting(TestCertificates authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority.Root);
        return policy;
    }

    private Action<TcpProxyOptions> WithEngine(Action<TcpProxyOptions>? options) => (o => o.TlsEngine = kind) + options;
}
