using System.Security.Authentication;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Identity;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>The route of the name in the hello decides whether a client must show a certificate, and of which authority.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class RouteClientCertificateTests(TlsEngineKind kind) : TlsProxyFixture(kind)
{
    private const string Strict = "strict.b.example";
    private const string Lenient = "lenient.b.example";
    private const string Open = "open.b.example";

    private TestCertificates _otherAuthority = null!;
    private EchoUpstream _upstream = null!;

    [OneTimeSetUp]
    public void MakeOtherAuthority() => _otherAuthority = new TestCertificates("Other CA");

    [OneTimeTearDown]
    public void FreeOtherAuthority() => _otherAuthority.Dispose();

    [SetUp]
    public void StartUpstream() => _upstream = new EchoUpstream();

    [TearDown]
    public async Task StopUpstream() => await _upstream.DisposeAsync();

    [TestCase(Strict, true)]
    [TestCase(Lenient, true)]
    [TestCase(Lenient, false)]
    [TestCase(Open, true)]
    [TestCase(Open, false)]
    public async Task Client_is_served_and_known_by_the_certificate_that_it_was_asked_for(string name, bool shows)
    {
        var report = new LastReport();
        await using RunningProxy proxy = await StartWithThree(options => options.ConnectionObservers.Add(report));
        StreamPeer client = await ConnectTls(proxy, name, shows ? Showing(Certificates.IssueClient("CN=worker, O=Example")) : null);

        await client.Echoes("hello");
        await client.EndOrderly();

        ConnectionReport ended = await report.Ended;
        bool isKnown = shows && name != Open;
        Assert.That(ended.Route, Is.EqualTo(name));
        Assert.That(ended.ClientTls!.PeerSubject, isKnown ? Is.EqualTo("CN=worker,O=Example") : Is.Null);
        Assert.That(ended.ClientTls.PeerCommonName, isKnown ? Is.EqualTo("worker") : Is.Null);
    }

    [TestCase(SslProtocols.Tls12)]
    [TestCase(SslProtocols.Tls13)]
    public async Task Client_without_the_required_certificate_is_refused(SslProtocols version)
    {
        await using RunningProxy proxy = await StartWithThree();

        await IsRefused(() => ConnectTls(proxy, Strict, options => options.EnabledSslProtocols = version));

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientTlsFailed));
        Assert.That(_upstream.Accepted, Is.Zero);
        await proxy.HoldsNothing();
    }

    [TestCase(Strict)]
    [TestCase(Lenient)]
    public async Task Certificate_of_another_authority_is_refused(string name)
    {
        await using RunningProxy proxy = await StartWithThree();
        TestCertificate stranger = _otherAuthority.IssueClient("CN=worker, O=Example");

        await IsRefused(() => ConnectTls(proxy, name, Showing(stranger)));

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientTlsFailed));
        Assert.That(_upstream.Accepted, Is.Zero);
    }

    [Test]
    public async Task Route_stands_above_the_endpoint()
    {
        ListenOptions strict = Listen(tls =>
        {
            tls.ClientCertificates = ClientCertificateMode.Required;
            tls.ClientCa = Ca;
        });
        await using RunningProxy proxy = await StartRoutes(
            strict,
            new RouteOptions { Name = Strict, ServerNames = { Strict } },
            new RouteOptions { Name = Open, ServerNames = { Open }, ClientCertificates = ClientCertificateMode.None },
            new RouteOptions { Name = Lenient, ServerNames = { Lenient }, ClientCa = WriteCa(_otherAuthority, "other") });

        StreamPeer open = await ConnectTls(proxy, Open);
        await open.Echoes("hello");
        StreamPeer other = await ConnectTls(proxy, Lenient, Showing(_otherAuthority.IssueClient("CN=other")));
        await other.Echoes("hello");
        await IsRefused(() => ConnectTls(proxy, Strict));
        await IsRefused(() => ConnectTls(proxy, Lenient, Showing(Certificates.IssueClient("CN=worker"))));
    }

    [Test]
    public async Task Session_of_one_route_opens_no_other()
    {
        await using RunningProxy proxy = await StartWithThree();
        StreamPeer open = await ConnectTls(proxy, Open, static options => options.AllowTlsResume = true);
        await open.Echoes("hello");

        await IsRefused(() => ConnectTls(proxy, Strict, static options => options.AllowTlsResume = true));
    }

    /// <summary>A client of TLS 1.3 has ended its handshake before the server looks at its certificate.</summary>
    private async Task IsRefused(Func<Task<StreamPeer>> connect)
    {
        int before = _upstream.Accepted;
        try
        {
            StreamPeer client = await connect();
            await client.Echoes("hello");
            Assert.Fail("the client is served");
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            Assert.That(_upstream.Accepted, Is.EqualTo(before));
        }
    }

    private Task<RunningProxy> StartWithThree(Action<TcpProxyOptions>? options = null) => StartRoutes(
        Listen(),
        options,
        new RouteOptions { Name = Strict, ServerNames = { Strict }, ClientCertificates = ClientCertificateMode.Required, ClientCa = Ca },
        new RouteOptions { Name = Lenient, ServerNames = { Lenient }, ClientCertificates = ClientCertificateMode.Optional, ClientCa = Ca },
        new RouteOptions { Name = Open, ServerNames = { Open } });

    private Task<RunningProxy> StartRoutes(ListenOptions listen, params RouteOptions[] routes) => StartRoutes(listen, null, routes);

    private Task<RunningProxy> StartRoutes(ListenOptions listen, Action<TcpProxyOptions>? change, params RouteOptions[] routes)
    {
        listen.Tls!.Certificates.Add(Write(Certificates.Issue("*.b.example"), "all"));
        listen.Address = SharedAddress();
        return Start(_upstream.Endpoint, options: options =>
        {
            options.Routes.Clear();
            foreach (RouteOptions route in routes)
            {
                route.Listen.Add(listen);
                route.Upstreams.Add(new UpstreamOptions { Address = _upstream.Endpoint.ToString()! });
                options.Routes.Add(route);
            }

            change?.Invoke(options);
        });
    }
}
