using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Identity;

/// <summary>Routes share an endpoint by the server names of TLS clients; the hello goes to the upstream as it came.</summary>
internal sealed class ServerNameTests
{
    private static readonly byte[] _unrecognizedName = [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x70];

    private TestUpstream _default = null!;
    private TestUpstream _a = null!;
    private TestUpstream _wild = null!;

    [SetUp]
    public void SetUp() => (_default, _a, _wild) = (new TestUpstream(), new TestUpstream(), new TestUpstream());

    [TearDown]
    public async Task TearDown()
    {
        await _default.DisposeAsync();
        await _a.DisposeAsync();
        await _wild.DisposeAsync();
    }

    [TestCase("a.example", "a")]
    [TestCase("A.EXAMPLE.", "a")]
    [TestCase("x.b.example", "wild")]
    [TestCase("x.y.b.example", "wild")]
    [TestCase("b.example", "default")]
    [TestCase("other.example", "default")]
    [TestCase(null, "default")]
    public async Task The_name_chooses_the_route_and_the_hello_arrives_as_it_was_sent(string? name, string route)
    {
        await using RunningProxy proxy = await Start();
        using Peer client = await proxy.Connect();
        byte[] hello = Hello.Of(name);

        await client.Send((byte[])[.. hello, 1, 2, 3]);

        using Peer server = await UpstreamOf(route).Accept();
        Assert.That(await server.Receive(hello.Length + 3), Is.EqualTo((byte[])[.. hello, 1, 2, 3]));
        await server.Send("hello");
        Assert.That(await client.ReceiveText(5), Is.EqualTo("hello"));
        Assert.That((await proxy.Proxy.GetSnapshotAsync()).Routes.Single(one => one.Name == route).Statistics.Accepted, Is.EqualTo(1));
    }

    [Test]
    public async Task The_hello_may_come_byte_by_byte_and_in_many_records()
    {
        await using RunningProxy proxy = await Start();
        using Peer client = await proxy.Connect();
        byte[] hello = Hello.InRecordsOf(7, Hello.Of("a.example"));

        foreach (byte one in hello)
        {
            await client.Send(new[] { one });
            await proxy.OnLoop(static _ => true);
        }

        using Peer server = await _a.Accept();
        Assert.That(await server.Receive(hello.Length), Is.EqualTo(hello));
    }

    [Test]
    public async Task A_client_without_TLS_goes_to_the_default_at_once()
    {
        await using RunningProxy proxy = await Start();
        using Peer client = await proxy.Connect();

        await client.Send("GET / HTTP/1.1\r\n\r\n");

        using Peer server = await _default.Accept();
        Assert.That(await server.ReceiveText(3), Is.EqualTo("GET"));
    }

    [Test]
    public async Task A_silent_client_goes_to_the_default_after_the_timeout()
    {
        await using RunningProxy proxy = await Start(onFakeClock: true);
        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("Accepted");
        await proxy.OnLoop(static _ => true);

        proxy.Clock!.Advance(TimeSpan.FromSeconds(5));

        using Peer server = await _default.Accept();
        await server.Send("220 ready");
        Assert.That(await client.ReceiveText(9), Is.EqualTo("220 ready"));
    }

    [Test]
    public async Task Half_a_hello_at_the_timeout_is_refused_and_never_goes_to_the_default()
    {
        await using RunningProxy proxy = await Start(onFakeClock: true);
        using Peer client = await proxy.Connect();
        await client.Send(Hello.Of("a.example").AsMemory(0, 40));
        await proxy.Log.Saw("Accepted");
        await proxy.OnLoop(static _ => true);
        await proxy.OnLoop(static _ => true);

        proxy.Clock!.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await client.ReceiveWhatComes(), Is.Empty);

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.PrereadTimeout));
        Assert.That(_default.Accepted + _a.Accepted, Is.Zero);
        await proxy.HoldsNothing();
        Assert.That(await proxy.OnLoop(static shard => shard.Buffers.Pool.Rented), Is.Zero);
    }

    [Test]
    public async Task A_hello_that_cannot_be_read_gets_an_alert_and_never_goes_to_the_default()
    {
        await using RunningProxy proxy = await Start();
        using Peer client = await proxy.Connect();

        // A handshake record without a byte.
        await client.Send(new byte[] { 22, 3, 1, 0, 0 });
        byte[] answer = await client.ReceiveToEnd();

        Assert.That(answer[..6], Is.EqualTo(new byte[] { 0x15, 0x03, 0x01, 0x00, 0x02, 0x02 }));
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientHelloInvalid));
        Assert.That(_default.Accepted, Is.Zero);
    }

    [Test]
    public async Task A_hello_beyond_the_limit_is_refused()
    {
        await using RunningProxy proxy = await Start(listen: static listen => listen.PrereadLimit = 4096);
        using Peer client = await proxy.Connect();

        await client.Send((byte[])[22, 3, 1, 0x20, 0x00, 1, 0x00, 0x1F, 0xFC, .. new byte[8188]]);
        await client.ReceiveWhatComes();

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientHelloInvalid));
    }

    [TestCase(NoRouteAction.Alert, true)]
    [TestCase(NoRouteAction.Close, false)]
    public async Task A_name_without_a_route_gets_an_alert_or_silence(NoRouteAction action, bool isAlert)
    {
        await using RunningProxy proxy = await Start(hasDefault: false, listen: listen => listen.OnNoRoute = action);
        using Peer client = await proxy.Connect();

        await client.Send(Hello.Of("unknown.example"));

        Assert.That(await client.ReceiveToEnd(), Is.EqualTo(isAlert ? _unrecognizedName : []));
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.NoRoute));
        TcpProxyStatistics statistics = proxy.Proxy.GetStatistics();
        Assert.That((statistics.Accepted, statistics.Active), Is.EqualTo((1, 0)));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task A_client_counts_as_open_while_its_hello_is_awaited()
    {
        await using RunningProxy proxy = await Start();
        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("Accepted");
        await proxy.OnLoop(static _ => true);

        TcpProxyStatistics statistics = proxy.Proxy.GetStatistics();

        Assert.That((statistics.Accepted, statistics.Active), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task The_name_and_the_protocol_are_reported()
    {
        var observer = new LastReport();
        await using RunningProxy proxy = await Start(options: options => options.ConnectionObservers.Add(observer));
        using (Peer client = await proxy.Connect())
        {
            await client.Send(Hello.Of("a.example", "h2", "http/1.1"));
            using Peer server = await _a.Accept();
            await proxy.Log.Saw("Relaying");
        }

        ConnectionReport report = await observer.Ended;
        Assert.That((report.Route, report.ServerName, report.Alpn), Is.EqualTo(("a", "a.example", "h2")));
    }

    [Test]
    public async Task A_selector_decides_and_sees_what_the_rules_would_choose()
    {
        var selector = new ToDefault();
        await using RunningProxy proxy = await Start(options: options => options.RouteSelector = selector);
        using Peer client = await proxy.Connect();

        await client.Send(Hello.Of("a.example", "h2"));

        using Peer server = await _default.Accept();
        Assert.That((selector.Client!.Route, selector.Client.ServerName, selector.Client.Alpn), Is.EqualTo(("a", "a.example", "h2")));
    }

    [Test]
    public async Task An_upstream_gets_a_PROXY_header_before_the_hello()
    {
        await using RunningProxy proxy = await Start(isAlone: true, a: static route =>
        {
            route.Upstreams[0].SendProxyProtocol = ProxyProtocolVersion.V2;
            route.Upstreams[0].ProxyTlvs = ProxyTlvs.Authority;
        });
        using Peer client = await proxy.Connect();
        byte[] hello = Hello.Of("a.example");
        await client.Send(hello);

        using Peer server = await _a.Accept();
        byte[] header = await server.Receive(28 + 3 + 9);

        Assert.That(header[28..], Is.EqualTo((byte[])[2, 0, 9, .. "a.example"u8]));
        Assert.That(await server.Receive(hello.Length), Is.EqualTo(hello));
    }

    private TestUpstream UpstreamOf(string route) => route switch
    {
        "a" => _a,
        "wild" => _wild,
        _ => _default,
    };

    private Task<RunningProxy> Start(
        bool hasDefault = true,
        bool isAlone = false,
        bool onFakeClock = false,
        Action<ListenOptions>? listen = null,
        Action<TcpProxyOptions>? options = null,
        Action<RouteOptions>? a = null)
    {
        // Of its own, without a choice that another process may make too; with port 0 each route would get another port.
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        ListenOptions Listen()
        {
            var one = new ListenOptions { Address = isAlone ? "127.0.0.1:0" : "unix:" + path };
            listen?.Invoke(one);
            return one;
        }

        RouteOptions Route(string name, EndPoint upstream, params string[] names)
        {
            var route = new RouteOptions { Name = name, Listen = { Listen() }, Upstreams = { new() { Address = upstream.ToString()! } } };
            Array.ForEach(names, route.ServerNames.Add);
            return route;
        }

        void Configure(TcpProxyOptions all)
        {
            all.Routes.Clear();
            RouteOptions routeA = Route("a", _a.Endpoint, "a.example");
            a?.Invoke(routeA);
            all.Routes.Add(routeA);
            if (!isAlone)
            {
                all.Routes.Add(Route("wild", _wild.Endpoint, "*.b.example"));
            }

            if (hasDefault && !isAlone)
            {
                all.Routes.Add(Route("default", _default.Endpoint));
            }

            options?.Invoke(all);
        }

        return onFakeClock
            ? RunningProxy.OnFakeClock(_default.Endpoint, options: Configure)
            : RunningProxy.To(_default.Endpoint, options: Configure);
    }

    private sealed class ToDefault : IRouteSelector
    {
        internal ClientInfo? Client { get; private set; }

        public string? ChooseRoute(ClientInfo client)
        {
            Client = client;
            return "default";
        }
    }
}
