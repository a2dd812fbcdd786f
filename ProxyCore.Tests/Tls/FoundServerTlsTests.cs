using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Connections.Encrypting;
using ProxyCore.Relay.Transports;
using ProxyCore.Settings;
using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Loop;
using ProxyCore.Tests.Pools;

namespace ProxyCore.Tests.Tls;

/// <summary>The TLS of servers that a source has found: a connection that was granted a server has it until its handshake.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class FoundServerTlsTests(TlsEngineKind kind) : TlsFixture(kind)
{
    private FakeTimeProvider _clock = null!;
    private TemporaryFolder _folder = null!;
    private ProxyTls _tls = null!;
    private ProxySettings _configured = null!;

    private string Ca => Path.Combine(_folder.FullName, "ca.pem");

    [SetUp]
    public void Configure()
    {
        _clock = new FakeTimeProvider();
        _folder = new TemporaryFolder();
        _tls = new ProxyTls(_clock, new RecordedLog(LogLevel.Information));
        Trust(Certificates);
        Use(new UpstreamTlsOptions { Ca = Ca });
    }

    [TearDown]
    public void Forget()
    {
        _tls.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Granted_server_is_spoken_to_though_its_source_has_named_others_many_times()
    {
        UpstreamTls granted = Find(Name);

        for (int i = 0; i < 5; i++)
        {
            Find($"other{i}.example");
        }

        Assert.That(ShakesHands(granted), Is.EqualTo(HandshakeStatus.Done));
    }

    [Test]
    public void Granted_server_is_spoken_to_though_the_configuration_has_no_TLS_any_more()
    {
        UpstreamTls granted = Find(Name);

        Use(null);
        Use(null);

        Assert.That(ShakesHands(granted), Is.EqualTo(HandshakeStatus.Done));
    }

    [Test]
    public void New_certificates_reach_a_server_that_its_source_has_left_out()
    {
        using var others = new TestCertificates("Other CA");
        UpstreamTls granted = Find(Name);
        TlsContext before = granted.Context;
        Find("other.example");

        Trust(others);
        DateTime end = DateTime.UtcNow + Bound.Wait;
        while (ReferenceEquals(granted.Context, before) && DateTime.UtcNow < end)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Thread.Yield();
        }

        Assert.That(ShakesHands(granted), Is.EqualTo(HandshakeStatus.Failed));
    }

    [Test]
    public void Server_that_is_found_again_has_the_same_TLS_and_another_server_its_own()
    {
        UpstreamTls granted = Find(Name);

        Assert.That(Find("other.example"), Is.Not.SameAs(granted));
        Assert.That(Find(Name), Is.SameAs(granted));
    }

    [Test]
    public void TLS_that_nobody_has_is_kept_by_nobody()
    {
        WeakReference forgotten = FindAndForget();

        GC.Collect();

        Assert.That(forgotten.IsAlive, Is.False);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference FindAndForget() => new(Find(Name));

    /// <summary>Another file takes the place of the one that there was, so that its time need not differ.</summary>
    private void Trust(TestCertificates authority)
    {
        string next = Path.Combine(_folder.FullName, "next.pem");
        File.WriteAllText(next, authority.Root.ExportCertificatePem());
        File.Move(next, Ca, overwrite: true);
    }

    private void Use(UpstreamTlsOptions? tls)
    {
        var options = new TcpProxyOptions
        {
            TlsEngine = Kind,
            Routes =
            {
                new RouteOptions { Listen = { "127.0.0.1:0" }, Upstreams = { new UpstreamOptions { Address = "test:db", Tls = tls } } },
            },
            UpstreamSources = { ["test"] = new TestSource() },
        };
        _configured = OptionsReader.Read(options).Settings;
        _tls.Use(_tls.Prepare(_configured));
    }

    /// <summary>The source names one server.</summary>
    private UpstreamTls Find(string host)
    {
        UpstreamTlsSettings configured = _configured.Routes[0].Pool.Upstreams[0].Tls!;
        UpstreamTlsSettings server = UpstreamTlsReader.ForServer(configured, ProxyEndpoint.Parse($"{host}:443"))!;
        return _tls.PrepareFound([server])[server];
    }

    private HandshakeStatus ShakesHands(UpstreamTls upstream)
    {
        SocketPair sockets = Connect();
        sockets.Far.Blocking = false;
        TlsEnd client = ConnectTo(upstream.Context, sockets.Far);
        return Handshakes(client, Accept(ServerContext(), sockets.Near)).One;
    }
}
