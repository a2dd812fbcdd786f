using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Moq;
using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.AccessLogs;

/// <summary>For each way that a connection can end the access log says what really happened.</summary>
/// <remarks>Missing are <see cref="EndReason.ClientLost"/> and UpstreamLost: on loopback TCP never gives up.</remarks>
internal sealed class EndTests
{
    private TemporaryFolder _folder = null!;

    private string Path => $"{_folder.FullName}/access.log";

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public async Task Client_fin()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, static route => route.Name = "web", Logged);
        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("Relaying");
        proxy.Clock!.Advance(TimeSpan.FromSeconds(2));
        await client.Echoes("hello");
        await proxy.HasRelayed(ConnectionSide.Upstream, 5);
        proxy.Clock.Advance(TimeSpan.FromSeconds(3));
        client.Fin();
        await client.ReceivesEof();

        LoggedEnd end = await EndOf(proxy);

        Check(end, EndReason.ClientFin, "client", "relaying", client, upstream.Endpoint, attempts: 1, up: 5, down: 5);
        Assert.That((end.Id, end.Route, end.Time), Is.EqualTo((1L, "web", proxy.Clock.GetUtcNow())));
        Assert.That((end.ConnectMs, end.FirstByteMs, end.DurationMs), Is.EqualTo(((double?)0, (double?)2000, 5000d)));
    }

    [Test]
    public async Task Upstream_fin()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, options: Logged);
        using Peer client = await proxy.Connect();
        using Peer server = await upstream.Accept();
        await server.Send("goodbye");
        server.Fin();
        Assert.That(await client.ReceiveToEnd(), Has.Length.EqualTo(7));
        client.Fin();

        Check(await EndOf(proxy), EndReason.UpstreamFin, "upstream", "relaying", client, upstream.Endpoint, attempts: 1, up: 0, down: 7);
    }

    [Test]
    public async Task Client_reset()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, options: Logged);
        using Peer client = await proxy.Connect();
        EndPoint address = client.Socket.LocalEndPoint!;
        using Peer server = await upstream.Accept();
        await client.Send("abc");
        await server.Receive(3);
        client.Reset();
        await server.ReceivesReset();

        Check(await EndOf(proxy), EndReason.ClientReset, "client", "resetting", address, upstream.Endpoint, attempts: 1, up: 3, down: 0);
    }

    [Test]
    public async Task Upstream_reset()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, options: Logged);
        using Peer client = await proxy.Connect();
        using Peer server = await upstream.Accept();
        await client.Send("abc");
        await server.Receive(3);
        await server.Send("de");
        await client.Receive(2);
        server.Reset();
        await client.ReceivesReset();

        Check(await EndOf(proxy), EndReason.UpstreamReset, "upstream", "resetting", client, upstream.Endpoint, attempts: 1, up: 3, down: 2);
    }

    [Test]
    public async Task Resolve_failed()
    {
        await using RunningProxy proxy = await RunningProxy.ToName(
            9, static (_, _) => throw new SocketException((int)SocketError.HostNotFound), options: Logged);
        using Peer client = await proxy.Connect();
        await client.ReceivesReset();

        LoggedEnd end = await EndOf(proxy);

        Check(end, EndReason.ResolveFailed, "proxy", end.Phase, client, upstream: null, attempts: 0);

        // Whether the answer came before the client or after it.
        Assert.That(end.Phase, Is.EqualTo("accepted").Or.EqualTo("resolving"));
    }

    [Test]
    public async Task Connect_timeout_of_a_name_that_is_not_resolved()
    {
        var never = new TaskCompletionSource<IPAddress[]>();
        var clock = new FakeTimeProvider();
        await using RunningProxy proxy = await RunningProxy.ToName(9, (_, _) => never.Task, clock, options: Logged);
        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("Resolving");
        clock.Advance(TimeSpan.FromSeconds(5));
        await client.ReceivesReset();

        Check(await EndOf(proxy), EndReason.ConnectTimeout, "upstream", "resolving", client, upstream: null, attempts: 0);
    }

    [Test]
    public async Task No_upstream()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(
            upstream.Endpoint,
            static route =>
            {
                route.Upstreams[0].MaxConnections = 1;
                route.HealthCheck = new HealthCheckOptions { Fall = 1, Expect = "never" };
            },
            Logged);
        using Peer busy = await proxy.Connect();
        using Peer second = await proxy.Connect();
        await proxy.Log.Saw("Queued");
        proxy.Clock!.Advance(TimeSpan.FromSeconds(2));
        await second.ReceivesReset();

        Check(await FirstEndOf(proxy), EndReason.NoUpstream, "proxy", "queued", second, upstream: null, attempts: 0);
    }

    [Test]
    public async Task Queue_full()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, OneAtATime(waiting: 0), Logged);
        using Peer busy = await proxy.Connect();
        using Peer server = await upstream.Accept();
        using Peer second = await proxy.Connect();
        await second.ReceivesReset();

        Check(await FirstEndOf(proxy), EndReason.QueueFull, "proxy", "accepted", second, upstream: null, attempts: 0);
    }

    [Test]
    public async Task Queue_timeout()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, OneAtATime(waiting: 5), Logged);
        using Peer busy = await proxy.Connect();
        using Peer server = await upstream.Accept();
        using Peer second = await proxy.Connect();
        await proxy.Log.Saw("Queued");
        proxy.Clock!.Advance(TimeSpan.FromSeconds(10));
        await second.ReceivesReset();

        LoggedEnd end = await FirstEndOf(proxy);

        Check(end, EndReason.QueueTimeout, "proxy", "queued", second, upstream: null, attempts: 0);
        Assert.That(end.DurationMs, Is.EqualTo(10_000));
    }

    [Test]
    public async Task Connect_refused_by_all_that_were_tried()
    {
        using var first = new RefusedEndpoint();
        using var second = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.To(
            first.Endpoint,
            route =>
            {
                route.ConnectAttempts = 1;
                route.Upstreams.Add(new() { Address = second.Endpoint.ToString()! });
                route.Balancing = BalancingNames.FirstAvailable;
            },
            Logged);
        using Peer client = await proxy.Connect();
        await client.ReceivesReset();

        LoggedEnd end = await EndOf(proxy);

        Check(end, EndReason.ConnectRefused, "upstream", "connecting", client, second.Endpoint, attempts: 2);
        Assert.That((end.ConnectMs, end.FirstByteMs), Is.EqualTo(((double?)null, (double?)null)));
    }

    [Test]
    public async Task Connect_timeout()
    {
        using var hole = new BlackHole();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(hole.Endpoint, options: Logged);
        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("Connecting");
        proxy.Clock!.Advance(TimeSpan.FromSeconds(5));
        await client.ReceivesReset();

        LoggedEnd end = await EndOf(proxy);

        Check(end, EndReason.ConnectTimeout, "upstream", "connecting", client, hole.Endpoint, attempts: 1);
        Assert.That((end.ConnectMs, end.DurationMs), Is.EqualTo(((double?)null, 5000d)));
    }

    [Test]
    public async Task Connect_failed()
    {
        // A broadcast address: the system refuses at once to connect there, and nothing is sent.
        var unreachable = new IPEndPoint(IPAddress.Parse("127.255.255.255"), 9);
        await using RunningProxy proxy = await RunningProxy.To(unreachable, static route => route.ConnectAttempts = 1, Logged);
        using Peer client = await proxy.Connect();
        await client.ReceivesReset();

        Check(await EndOf(proxy), EndReason.ConnectFailed, "upstream", "connecting", client, unreachable, attempts: 1);
    }

    [Test]
    public async Task Upstream_down()
    {
        await using var upstream = new TestUpstream();
        await using var other = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(
            upstream.Endpoint,
            route =>
            {
                route.HealthCheck = new HealthCheckOptions { Expect = "never", Fall = 1, EndSessions = true };
                route.Upstreams.Add(new() { Address = other.Endpoint.ToString()! });
                route.Balancing = BalancingNames.FirstAvailable;
            },
            Logged);
        using Peer check = await upstream.Accept();
        using Peer client = await proxy.Connect();
        using Peer server = await upstream.Accept();
        await client.Send("abc");
        await server.Receive(3);
        proxy.Clock!.Advance(TimeSpan.FromSeconds(2));
        await client.ReceivesReset();

        Check(await EndOf(proxy), EndReason.UpstreamDown, "upstream", "relaying", client, upstream.Endpoint, attempts: 1, up: 3);
    }

    [Test]
    public async Task Idle_timeout()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, options: Logged);
        using Peer client = await proxy.Connect();
        using Peer server = await upstream.Accept();
        await proxy.Log.Saw("Relaying");
        proxy.Clock!.Advance(TimeSpan.FromHours(1));
        await client.ReceivesReset();

        LoggedEnd end = await EndOf(proxy);

        Check(end, EndReason.IdleTimeout, "proxy", "relaying", client, upstream.Endpoint, attempts: 1);
        Assert.That(end.DurationMs, Is.EqualTo(3_600_000));
    }

    [Test]
    public async Task Half_close_timeout()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, options: Logged);
        using Peer client = await proxy.Connect();
        using Peer server = await upstream.Accept();
        await client.Send("request");
        client.Fin();
        Assert.That(await server.ReceiveToEnd(), Has.Length.EqualTo(7));
        await proxy.OnLoop(static shard => shard.Loop.Turns);
        proxy.Clock!.Advance(TimeSpan.FromMinutes(1));
        await client.ReceivesReset();

        Check(await EndOf(proxy), EndReason.HalfCloseTimeout, "proxy", "relaying", client, upstream.Endpoint, attempts: 1, up: 7);
    }

    [Test]
    public async Task Drain_timeout()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(
            upstream.Endpoint, options: options => Logged(options, drain: TimeSpan.Zero));
        using Peer client = await proxy.Connect();
        using Peer server = await upstream.Accept();
        await proxy.Log.Saw("Relaying");
        await proxy.Proxy.StopAsync();
        await client.ReceivesReset();

        Check(await EndOf(proxy), EndReason.DrainTimeout, "proxy", "relaying", client, upstream.Endpoint, attempts: 1);
    }

    [Test]
    public async Task Shutdown()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, options: Logged);
        using Peer client = await proxy.Connect();
        using Peer server = await upstream.Accept();
        await proxy.Log.Saw("Relaying");

        Check(await OnlyEndOf(proxy), EndReason.Shutdown, "proxy", "relaying", client, upstream.Endpoint, attempts: 1);
    }

    [Test]
    public async Task Fault()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, options: options =>
        {
            Logged(options);
            options.RouteSelector = Mock.Of<IRouteSelector>(static one => one.ChooseRoute(It.IsAny<ClientInfo>()) == "no such route");
        });
        using Peer client = await proxy.Connect();
        await client.ReceivesReset();

        Check(await EndOf(proxy), EndReason.Fault, "proxy", "accepted", client, upstream: null, attempts: 0);
    }

    [Test]
    public async Task Client_of_a_unix_socket()
    {
        await using var upstream = new EchoUpstream();
        string socket = $"{_folder.FullName}/socket";
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, route => route.Listen.Add($"unix:{socket}"), Logged);
        using Peer client = await proxy.Connect();
        await client.Echoes("hello");
        client.Fin();
        await client.ReceivesEof();

        LoggedEnd end = await EndOf(proxy);

        Assert.That((end.Client, end.Reason, end.BytesToClient), Is.EqualTo(("unix", "ClientFin", 5L)));
    }

    private static void Check(
        LoggedEnd end, EndReason reason, string endedBy, string phase, Peer client, EndPoint? upstream, int attempts, long up = 0, long down = 0) =>
        Check(end, reason, endedBy, phase, client.Socket.LocalEndPoint!, upstream, attempts, up, down);

    private static void Check(
        LoggedEnd end, EndReason reason, string endedBy, string phase, EndPoint client, EndPoint? upstream, int attempts, long up = 0, long down = 0)
    {
        Assert.That((end.Reason, end.EndedBy, end.Phase), Is.EqualTo((reason.ToString(), endedBy, phase)));
        Assert.That((end.Client, end.Upstream), Is.EqualTo((client.ToString(), upstream?.ToString())));
        Assert.That((end.Attempts, end.BytesToUpstream, end.BytesToClient), Is.EqualTo(((int?)attempts, up, down)));
        Assert.That(end.DurationMs, Is.Not.Negative);
        Assert.That(end.ConnectMs is null, Is.EqualTo(phase is not ("relaying" or "resetting")), "the time to connect");
        Assert.That(end.FirstByteMs is null, Is.EqualTo(down == 0), "the time to the first byte");
    }

    private static Action<RouteOptions> OneAtATime(int waiting) => route =>
    {
        route.Upstreams[0].MaxConnections = 1;
        route.QueueLimit = waiting;
    };

    private void Logged(TcpProxyOptions options) =>
        options.AccessLog = new AccessLogOptions { Path = Path, Format = AccessLogFormat.Json };

    private void Logged(TcpProxyOptions options, TimeSpan drain)
    {
        Logged(options);
        options.DrainTimeout = drain;
    }

    private async Task<LoggedEnd> EndOf(RunningProxy proxy)
    {
        await proxy.Ended();
        return await OnlyEndOf(proxy);
    }

    /// <summary>For a test whose other connections are cut with the proxy.</summary>
    private async Task<LoggedEnd> FirstEndOf(RunningProxy proxy)
    {
        await proxy.Ended();
        return (await EndsOf(proxy))[0];
    }

    private async Task<LoggedEnd> OnlyEndOf(RunningProxy proxy)
    {
        LoggedEnd[] ends = await EndsOf(proxy);
        Assert.That(ends, Has.Length.EqualTo(1));
        return ends[0];
    }

    private async Task<LoggedEnd[]> EndsOf(RunningProxy proxy)
    {
        // What is queued is written before it has stopped.
        await proxy.DisposeAsync();
        return LoggedEnd.ReadAll(Path);
    }
}
