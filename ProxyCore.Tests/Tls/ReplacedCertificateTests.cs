using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Connections.Encrypting;
using ProxyCore.Relay.Transports;
using ProxyCore.Settings;
using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Tls;

/// <summary>A handshake that begins with a certificate that has just been replaced: it is served as if it had begun earlier.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class ReplacedCertificateTests(TlsEngineKind kind) : TlsFixture(kind)
{
    private FakeTimeProvider _clock = null!;
    private TemporaryFolder _folder = null!;
    private ProxyTls _tls = null!;

    [SetUp]
    public void Configure()
    {
        _clock = new FakeTimeProvider();
        _folder = new TemporaryFolder();
        _tls = new ProxyTls(_clock, new RecordedLog(LogLevel.Information));
        Issue(Name, "one");
        Issue("other.example", "other");
    }

    [TearDown]
    public void Forget()
    {
        _tls.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Client_of_an_endpoint_that_a_reload_has_changed_is_served_after_its_certificate_is_replaced()
    {
        ListenerTls before = Use(Prepare("one"));
        ListenerTls now = Use(Prepare("one", "other"));

        await Replace("one", now);

        Assert.That(Serves(before), Is.EqualTo(HandshakeStatus.Done));
    }

    [Test]
    public async Task Configuration_that_was_read_before_a_certificate_is_replaced_is_served_with()
    {
        ListenerTls before = Use(Prepare("one"));
        TlsChange change = Prepare("one", "other");

        await Replace("one", before);

        Assert.That(Serves(Use(change)), Is.EqualTo(HandshakeStatus.Done));
    }

    private TlsChange Prepare(params string[] names)
    {
        var tls = new ListenTlsOptions();
        foreach (string name in names)
        {
            tls.Certificates.Add(new CertificateOptions { Certificate = PathOf(name, "crt"), Key = PathOf(name, "key") });
        }

        var listen = new ListenOptions { Address = "127.0.0.1:0", Tls = tls };
        var options = new TcpProxyOptions
        {
            TlsEngine = Kind,
            Routes = { new RouteOptions { Listen = { listen }, Upstreams = { new UpstreamOptions { Address = "127.0.0.1:1" } } } },
        };
        return _tls.Prepare(OptionsReader.Read(options).Settings);
    }

    private ListenerTls Use(TlsChange change)
    {
        _tls.Use(change);
        return _tls.ListenerFor(change.Settings!.Routes[0].Listen[0].Tls!);
    }

    /// <summary>Writes another certificate in place of one, and waits until clients of an endpoint get it.</summary>
    private async Task Replace(string name, ListenerTls listener)
    {
        TlsContext before = listener.ContextFor(Name, clients: null);
        Issue(Name, name);
        using var timeout = new CancellationTokenSource(Bound.Wait);
        while (ReferenceEquals(listener.ContextFor(Name, clients: null), before))
        {
            timeout.Token.ThrowIfCancellationRequested();
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    private void Issue(string host, string file)
    {
        using TestCertificate issued = Certificates.Issue(host);
        issued.WriteTo(_folder.FullName, file);
    }

    private HandshakeStatus Serves(ListenerTls listener)
    {
        SocketPair sockets = Connect();
        sockets.Far.Blocking = false;
        TlsEnd server = Accept(listener.ContextFor(Name, clients: null), sockets.Near);
        return Handshakes(server, ConnectTo(ClientContext(), sockets.Far)).One;
    }

    private string PathOf(string name, string extension) => Path.Combine(_folder.FullName, $"{name}.{extension}");
}
