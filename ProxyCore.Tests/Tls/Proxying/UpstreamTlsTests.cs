using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Pools;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>The proxy speaks TLS to its upstream on behalf of clients that speak plain text.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class UpstreamTlsTests(TlsEngineKind kind) : TlsProxyFixture(kind)
{
    private TestUpstream _upstream = null!;

    [SetUp]
    public void StartUpstream() => _upstream = new TestUpstream();

    [TearDown]
    public async Task StopUpstream() => await _upstream.DisposeAsync();

    [Test]
    public async Task Upstream_with_the_name_and_the_authority_is_asked_for_its_name_and_used()
    {
        await using RunningProxy proxy = await StartTo(ToUpstream());
        string? asked = null;

        using Peer client = await proxy.Connect();
        StreamPeer server = await Accept(await _upstream.Accept(), options =>
        {
            options.ServerCertificate = null;
            options.ServerCertificateSelectionCallback = (_, name) =>
            {
                asked = name;
                return Issued.Certificate;
            };
        });
        await client.Send("hello");

        Assert.That(await server.ReceiveText(5), Is.EqualTo("hello"));
        Assert.That(asked, Is.EqualTo(Name));
    }

    [Test]
    public async Task Handshake_with_an_upstream_does_not_wait_for_acknowledgements()
    {
        await using RunningProxy proxy = await StartTo(ToUpstream());

        using Peer client = await proxy.Connect();
        StreamPeer server = await Accept(await _upstream.Accept());
        await client.Send("hello");
        await server.ReceiveText(5);

        Assert.That(await proxy.OnLoop(static shard => shard.Routes.Find(1)!.Upstream!.NoDelay), Is.True);
    }

    [Test]
    public async Task Upstream_with_an_address_is_verified_by_its_address_and_asked_for_no_name()
    {
        await using RunningProxy proxy = await StartTo(new UpstreamTlsOptions { Ca = Ca });
        TestCertificate ofAddress = Certificates.Issue("127.0.0.1");
        string? asked = null;

        using Peer client = await proxy.Connect();
        StreamPeer server = await Accept(await _upstream.Accept(), options =>
        {
            options.ServerCertificate = null;
            options.ServerCertificateSelectionCallback = (_, name) =>
            {
                asked = name;
                return ofAddress.Certificate;
            };
        });
        await client.Send("hello");

        Assert.That(await server.ReceiveText(5), Is.EqualTo("hello"));
        Assert.That(asked, Is.Null.Or.Empty);
    }

    [TestCase(Name, null, true)]
    [TestCase("b.example", null, false)]
    [TestCase("b.example", Name, true)]
    public async Task Server_that_a_source_has_found_is_verified_by_its_own_name_unless_another_is_configured(string host, string? configured, bool isGood)
    {
        var source = new TestSource();
        source.Finds(new UpstreamTarget { Host = host, Port = ((IPEndPoint)_upstream.Endpoint).Port, Addresses = [IPAddress.Loopback] });
        await using RunningProxy proxy = await Start(
            _upstream.Endpoint,
            route =>
            {
                route.ConnectAttempts = 1;
                route.Upstreams[0].Address = "test:db";
                route.Upstreams[0].Tls = new UpstreamTlsOptions { Ca = Ca, ServerName = configured };
            },
            options => options.UpstreamSources["test"] = source);

        using Peer client = await proxy.Connect();
        Peer accepted = await _upstream.Accept();
        if (!isGood)
        {
            await AcceptOrFail(accepted);
            await client.ReceivesReset();
            await EndedWithCause(proxy, "certificate");
            return;
        }

        StreamPeer server = await Accept(accepted);
        await client.Send("hello");
        Assert.That(await server.ReceiveText(5), Is.EqualTo("hello"));
    }

    [Test]
    public async Task Servers_that_are_found_later_and_other_TLS_by_a_reload_are_used()
    {
        var source = new TestSource();
        UpstreamTarget target = new() { Host = Name, Port = ((IPEndPoint)_upstream.Endpoint).Port, Addresses = [IPAddress.Loopback] };
        source.Finds(new UpstreamTarget { Host = "b.example", Port = 1, Addresses = [IPAddress.Loopback] });
        await using RunningProxy proxy = await Start(
            _upstream.Endpoint,
            route =>
            {
                route.Upstreams[0].Address = "test:db";
                route.Upstreams[0].Tls = new UpstreamTlsOptions { Ca = Ca, Verify = false };
            },
            options => options.UpstreamSources["test"] = source);
        await proxy.Log.Saw("ServersFound");
        source.Finds(target);
        await proxy.Log.Saw("ServersFound", 2);

        TcpProxyOptions options = proxy.Proxy.GetOptions();
        options.Routes[0].Upstreams[0].Tls!.Verify = true;
        await proxy.Proxy.ApplyAsync(options);
        using Peer client = await proxy.Connect();
        StreamPeer server = await Accept(await _upstream.Accept());
        await client.Send("hello");

        Assert.That(await server.ReceiveText(5), Is.EqualTo("hello"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Certificate_that_is_not_verified_may_be_any(bool verifies)
    {
        await using RunningProxy proxy = await StartTo(new UpstreamTlsOptions { Verify = verifies }, static route => route.ConnectAttempts = 1);

        using Peer client = await proxy.Connect();
        Peer accepted = await _upstream.Accept();
        await AcceptOrFail(accepted);

        if (verifies)
        {
            await client.ReceivesReset();
            return;
        }

        await proxy.RelaysToAll();
    }

    [TestCase("other.example")]
    [TestCase("127.0.0.2")]
    public async Task Certificate_of_another_name_is_a_failed_connect(string name)
    {
        await using RunningProxy proxy = await StartTo(ToUpstream(), static route => route.ConnectAttempts = 1);

        using Peer client = await proxy.Connect();
        await AcceptOrFail(await _upstream.Accept(), Certificates.Issue(name));

        await client.ReceivesReset();
        await EndedWithCause(proxy, "certificate");
    }

    [Test]
    public async Task Certificate_of_another_authority_is_a_failed_connect()
    {
        using var others = new TestCertificates("Other CA");
        await using RunningProxy proxy = await StartTo(ToUpstream(), static route => route.ConnectAttempts = 1);

        using Peer client = await proxy.Connect();
        await AcceptOrFail(await _upstream.Accept(), others.Issue(Name));

        await client.ReceivesReset();
        await EndedWithCause(proxy, "certificate");
    }

    [Test]
    public async Task Certificate_that_fails_at_one_address_of_a_name_is_the_cause_though_the_other_refuses_the_connection()
    {
        // localhost is 127.0.0.1, then ::1, where nobody listens.
        await using RunningProxy proxy = await StartTo(ToUpstream(), route =>
        {
            route.ConnectAttempts = 1;
            route.Upstreams[0].Address = $"localhost:{((IPEndPoint)_upstream.Endpoint).Port}";
        });

        using Peer client = await proxy.Connect();
        await AcceptOrFail(await _upstream.Accept(), Certificates.Issue("other.example"));

        await client.ReceivesReset();
        await EndedWithCause(proxy, "certificate");
    }

    [Test]
    public async Task Next_upstream_is_tried_after_a_handshake_that_failed()
    {
        await using var second = new TestUpstream();
        await using RunningProxy proxy = await StartTo(ToUpstream(), route =>
        {
            route.Balancing = BalancingNames.FirstAvailable;
            route.Upstreams.Add(new UpstreamOptions { Address = second.Endpoint.ToString()!, Tls = ToUpstream() });
        });

        using Peer client = await proxy.Connect();
        await AcceptOrFail(await _upstream.Accept(), Certificates.Issue("other.example"));
        StreamPeer server = await Accept(await second.Accept());
        await client.Send("hello");

        Assert.That(await server.ReceiveText(5), Is.EqualTo("hello"));
    }

    [Test]
    public async Task Upstream_that_does_not_speak_TLS_is_a_failed_connect()
    {
        await using RunningProxy proxy = await StartTo(ToUpstream(), static route => route.ConnectAttempts = 1);

        using Peer client = await proxy.Connect();
        using Peer server = await _upstream.Accept();
        await server.Send("220 smtp.example ESMTP\r\n");

        await client.ReceivesReset();
        await EndedWithCause(proxy, "TLS");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Upstream_that_closes_or_resets_in_the_handshake_is_a_failed_connect(bool resets)
    {
        await using RunningProxy proxy = await StartTo(ToUpstream(), static route => route.ConnectAttempts = 1);

        using Peer client = await proxy.Connect();
        Peer server = await _upstream.Accept();
        await server.Receive(5);
        if (resets)
        {
            server.Reset();
        }
        else
        {
            server.Fin();
        }

        await client.ReceivesReset();
        await EndedWithCause(proxy, resets ? "has reset the connection in the TLS handshake" : "the upstream ended the connection");
    }

    [Test]
    public async Task Certificate_of_the_proxy_is_shown_to_an_upstream_that_asks()
    {
        CertificateOptions own = Write(Certificates.IssueClient("CN=proxy"), "proxy");
        await using RunningProxy proxy = await StartTo(ToUpstream(tls => tls.Certificate = own));

        using Peer client = await proxy.Connect();
        StreamPeer server = await Accept(await _upstream.Accept(), AskForCertificate);
        await client.Send("hello");

        Assert.That(await server.ReceiveText(5), Is.EqualTo("hello"));
        Assert.That(((X509Certificate2)server.Tls.RemoteCertificate!).Subject, Is.EqualTo("CN=proxy"));
    }

    [Test]
    public async Task Header_goes_ahead_of_the_hello()
    {
        await using RunningProxy proxy = await StartTo(
            ToUpstream(), static route => route.Upstreams[0].SendProxyProtocol = ProxyProtocolVersion.V1);

        using Peer client = await proxy.Connect();
        Peer accepted = await _upstream.Accept();
        var from = (IPEndPoint)client.Socket.LocalEndPoint!;
        string header = $"PROXY TCP4 127.0.0.1 127.0.0.1 {from.Port} {((IPEndPoint)proxy.Endpoint).Port}\r\n";
        Assert.That(await accepted.ReceiveText(header.Length), Is.EqualTo(header));
        StreamPeer server = await Accept(accepted);
        await client.Send("hello");

        Assert.That(await server.ReceiveText(5), Is.EqualTo("hello"));
    }

    [Test]
    public async Task Handshake_that_does_not_end_ends_with_ConnectTimeout()
    {
        await using RunningProxy proxy = await StartOnFakeClock(_upstream.Endpoint, route =>
        {
            route.Upstreams[0].Tls = ToUpstream();
            route.ConnectTimeout = TimeSpan.FromSeconds(5);
        });

        using Peer client = await proxy.Connect();
        using Peer server = await _upstream.Accept();
        await server.Receive(5);
        proxy.Clock!.Advance(TimeSpan.FromSeconds(5));

        await client.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.TlsFailed));
        Assert.That(proxy.Log.Entries.Select(static one => one.Text), Has.Some.Contains("not over in time"));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Client_that_resets_during_the_handshake_leaves_nothing_behind()
    {
        await using RunningProxy proxy = await StartTo(ToUpstream());

        using Peer client = await proxy.Connect();
        using Peer server = await _upstream.Accept();
        await server.Receive(5);
        client.Reset();

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientReset));
        await server.ReceiveToReset();
        await proxy.HoldsNothing();
    }

    private static async Task EndedWithCause(RunningProxy proxy, params string[] causes)
    {
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.TlsFailed));
        Assert.That(
            proxy.Log.Entries.Where(static one => one.Level >= Microsoft.Extensions.Logging.LogLevel.Warning).Select(static one => one.Text),
            Has.Some.Matches<string>(text => causes.Any(text.Contains)));
        await proxy.HoldsNothing();
    }

    private static void AskForCertificate(SslServerAuthenticationOptions options)
    {
        options.ClientCertificateRequired = true;
        options.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null;
    }

    /// <summary>Shakes hands with a proxy that may refuse the certificate: in TLS 1.3 that shows only afterwards.</summary>
    private async Task AcceptOrFail(Peer peer, TestCertificate? certificate = null)
    {
        try
        {
            await Accept(peer, options => options.ServerCertificate = (certificate ?? Issued).Certificate);
        }
        catch (Exception exception) when (exception is System.Security.Authentication.AuthenticationException or IOException)
        {
            // The proxy has refused the certificate.
        }
    }

    private Task<RunningProxy> StartTo(UpstreamTlsOptions tls, Action<RouteOptions>? route = null) =>
        Start(_upstream.Endpoint, (one => one.Upstreams[0].Tls = tls) + route);
}
