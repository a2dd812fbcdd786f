using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>Certificates change while the proxy runs: for new handshakes, and only as a pair that fits.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class CertificateChangeTests(TlsEngineKind kind) : TlsProxyFixture(kind)
{
    private EchoUpstream _upstream = null!;
    private CertificateOptions _files = null!;

    [SetUp]
    public void Prepare()
    {
        _upstream = new EchoUpstream();
        _files = Write(Issued, "changing");
    }

    [TearDown]
    public async Task StopUpstream() => await _upstream.DisposeAsync();

    [Test]
    public async Task New_handshakes_get_the_new_certificate_and_an_open_connection_goes_on()
    {
        await using RunningProxy proxy = await StartChanging();
        StreamPeer before = await ConnectTls(proxy);
        await before.Echoes("before");

        TestCertificate renewed = Certificates.Issue(Name);
        Write(renewed, "changing");
        await LooksUntil(proxy, "CertificateRead", 2);

        await HasCertificate(proxy, renewed);
        await before.Echoes("still there");
        Assert.That(SerialOf(before), Is.EqualTo(Issued.Certificate.SerialNumber));
    }

    [Test]
    public async Task Key_of_another_certificate_changes_nothing()
    {
        await using RunningProxy proxy = await StartChanging();

        await File.WriteAllTextAsync(_files.Key!, Certificates.Issue(Name).KeyPem);
        LogEntry error = await LooksUntil(proxy, "CertificateNotRead", 1);

        Assert.That(error.Text, Does.Contain(_files.Key!).And.Contain(Issued.Certificate.SerialNumber).IgnoreCase);
        await HasCertificate(proxy, Issued);
    }

    [Test]
    public async Task Applied_options_read_the_files_again()
    {
        await using RunningProxy proxy = await StartChanging();
        TestCertificate renewed = Certificates.Issue(Name);
        Write(renewed, "changing");

        await proxy.Proxy.ApplyAsync(Options(proxy));

        await HasCertificate(proxy, renewed);
    }

    [Test]
    public async Task Options_with_a_certificate_that_can_not_be_used_are_refused_as_a_whole()
    {
        await using RunningProxy proxy = await StartChanging();
        StreamPeer before = await ConnectTls(proxy);
        await before.Echoes("before");
        string bad = _files.Certificate + ".bad";
        await File.WriteAllTextAsync(bad, "no certificate");
        TcpProxyOptions options = Options(proxy, new CertificateOptions { Certificate = bad });
        options.Routes[0].Upstreams[0].Address = "127.0.0.1:1";

        ArgumentException error = Assert.ThrowsAsync<ArgumentException>(() => proxy.Proxy.ApplyAsync(options))!;

        Assert.That(error.Message, Does.Contain(bad));
        await before.Echoes("still there");
        await HasCertificate(proxy, Issued);
    }

    [Test]
    public async Task Start_with_a_certificate_that_can_not_be_used_is_refused_with_its_file()
    {
        var options = new TcpProxyOptions
        {
            TlsEngine = Kind,
            Routes =
            {
                new RouteOptions
                {
                    Listen = { Listen(static tls => tls.Certificates[0] = new CertificateOptions { Certificate = "/nowhere/a.crt" }) },
                    Upstreams = { new UpstreamOptions { Address = _upstream.Endpoint.ToString()! } },
                },
            },
        };
        await using var proxy = new TcpProxy(options);

        ArgumentException error = Assert.CatchAsync<ArgumentException>(() => proxy.StartAsync())!;

        Assert.That(error.Message, Does.Contain("/nowhere/a.crt"));
    }

    [Test]
    public async Task Session_is_resumed_until_the_authority_has_changed()
    {
        if (!TlsEngines.WithOwnSessions.Contains(Kind))
        {
            Assert.Ignore(".NET keeps its sessions by certificate and name");
        }

        using var others = new TestCertificates("Other CA");
        string ca = WriteCa(Certificates, "clients");
        SslClientAuthenticationOptions client = ClientOptions(Name, options => options.AllowTlsResume = true);
        Showing(Certificates.IssueClient("CN=worker"))(client);
        var reports = new ResumedConnections();
        await using RunningProxy proxy = await StartChanging(
            tls =>
            {
                tls.ClientCertificates = ClientCertificateMode.Required;
                tls.ClientCa = ca;
            },
            options => options.ConnectionObservers.Add(reports));
        await Visit(proxy, client);
        await Visit(proxy, client);

        WriteCa(others, "clients");
        await LooksUntil(proxy, "AuthoritiesRead", 1);

        Assert.CatchAsync<Exception>(() => Visit(proxy, client));
        await proxy.Ended(3);
        Assert.That(reports.Seen, Is.EqualTo((bool?[])[false, true, null]));
    }

    private static string SerialOf(StreamPeer client) => ((X509Certificate2)client.Tls.RemoteCertificate!).SerialNumber;

    /// <summary>Lets the clock of the proxy run until an event has come so many times.</summary>
    private static async Task<LogEntry> LooksUntil(RunningProxy proxy, string eventName, int times)
    {
        using var timeout = new CancellationTokenSource(Bound.Wait);
        while (proxy.Log.CountOf(eventName) < times)
        {
            Assert.That(timeout.IsCancellationRequested, Is.False, $"in vain: {times} × {eventName}");
            proxy.Clock!.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await proxy.Log.Saw(eventName, times);
    }

    private async Task HasCertificate(RunningProxy proxy, TestCertificate expected)
    {
        StreamPeer client = await ConnectTls(proxy);
        await client.Echoes("hello");
        Assert.That(SerialOf(client), Is.EqualTo(expected.Certificate.SerialNumber));
    }

    private async Task Visit(RunningProxy proxy, SslClientAuthenticationOptions options)
    {
        StreamPeer client = Own(await StreamPeer.Client(Own(await proxy.Connect()), options));
        await client.Echoes("hello");
        await client.EndOrderly();
        await client.ReceivesOrderlyEnd();
    }

    private Task<RunningProxy> StartChanging(Action<ListenTlsOptions>? tls = null, Action<TcpProxyOptions>? options = null) =>
        StartOnFakeClock(
            _upstream.Endpoint, route => route.Listen.Add(Listen((one => one.Certificates[0] = _files) + tls)), options);

    private TcpProxyOptions Options(RunningProxy proxy, CertificateOptions? files = null)
    {
        ListenOptions listen = Listen(one => one.Certificates[0] = files ?? _files);
        listen.Address = proxy.Endpoint.ToString()!;
        return new TcpProxyOptions
        {
            TlsEngine = Kind,
            Routes =
            {
                new RouteOptions { Listen = { listen }, Upstreams = { new UpstreamOptions { Address = _upstream.Endpoint.ToString()! } } },
            },
        };
    }

    /// <summary>Keeps of each connection, in order, whether its session was resumed; null when it had none.</summary>
    private sealed class ResumedConnections : IConnectionObserver
    {
        private readonly List<bool?> _seen = [];

        internal bool?[] Seen
        {
            get
            {
                lock (_seen)
                {
                    return [.. _seen];
                }
            }
        }

        public void OnEnded(ConnectionReport connection)
        {
            lock (_seen)
            {
                _seen.Add(connection.ClientTls?.IsResumed);
            }
        }
    }
}
