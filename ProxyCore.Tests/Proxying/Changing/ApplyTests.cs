using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ProxyCore.Connections;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying.Changing;

/// <summary>A running proxy is given other options: as a whole, and without harm to anybody.</summary>
[TestFixture(1)]
[TestFixture(3)]
public class ApplyTests(int loops)
{
    private RecordedLog _log = null!;
    private EchoUpstream _first = null!;
    private EchoUpstream _second = null!;
    private TcpProxy _proxy = null!;

    [SetUp]
    public void StartUpstreams()
    {
        _log = new RecordedLog(LogLevel.Debug);
        _first = new EchoUpstream();
        _second = new EchoUpstream();
    }

    [TearDown]
    public async Task StopAll()
    {
        await _proxy.DisposeAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        _log.Dispose();
    }

    [Test]
    public async Task New_connections_go_where_the_new_options_say_and_old_ones_live_on()
    {
        await Start(To(_first));
        using Peer before = await Connect();
        await before.Echoes("before");

        await _proxy.ApplyAsync(Options(Route("web", Here, To(_second))));

        using Peer after = await Connect();
        await after.Echoes("after");
        await before.Echoes("still there");
        Assert.That((_first.Accepted, _second.Accepted), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Endpoint_of_a_route_that_gets_another_name_keeps_its_socket()
    {
        await Start(To(_first));

        await _proxy.ApplyAsync(Options(Route("other", Here, To(_second))));

        using Peer client = await Connect();
        await client.Echoes("hello");
        Assert.That(_second.Accepted, Is.EqualTo(1));
        Assert.That(_log.CountOf("ListeningOnPort"), Is.EqualTo(1), "nothing was bound anew");
    }

    [Test]
    public async Task Port_that_the_system_chose_is_kept_where_the_options_leave_it_open_again()
    {
        await Start(To(_first));
        EndPoint before = _proxy.Endpoints[0];

        await _proxy.ApplyAsync(Options(Route("web", "127.0.0.1:0", To(_second))));

        Assert.That(_proxy.Endpoints, Is.EqualTo([before]));
    }

    [Test]
    public async Task Added_route_is_listened_on_and_a_removed_one_refuses_and_drains()
    {
        await Start(To(_first));
        EndPoint gone = _proxy.Endpoints[0];
        using Peer before = await Connect();
        await before.Echoes("before");

        await _proxy.ApplyAsync(Options(Route("new", "127.0.0.1:0", To(_second))));

        Assert.That(_proxy.Endpoints, Has.Count.EqualTo(1).And.None.EqualTo(gone));
        Assert.That(
            () => Peer.Connect(gone), Throws.TypeOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.ConnectionRefused));
        using Peer client = await Connect();
        await client.Echoes("hello");
        await before.Echoes("still there");
    }

    [Test]
    public async Task Connections_keep_the_timeouts_that_they_began_with()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await Start(To(_first), clock);
        using Peer before = await Connect();
        await before.Echoes("before");

        RouteOptions route = Route("web", Here, To(_first));
        route.IdleTimeout = TimeSpan.FromMinutes(1);
        await _proxy.ApplyAsync(Options(route));
        using Peer after = await Connect();
        await after.Echoes("after");
        clock.Advance(TimeSpan.FromMinutes(1));

        await after.ReceivesReset();
        await before.Echoes("still there");
    }

    [TestCase("localhost")]
    [TestCase("*")]
    public async Task Endpoint_that_is_in_the_way_of_a_wider_one_makes_place_for_it(string host)
    {
        await Start(To(_first));
        int port = ((IPEndPoint)_proxy.Endpoints[0]).Port;
        using Peer before = await Connect();
        await before.Echoes("before");

        await _proxy.ApplyAsync(Options(Route("web", $"{host}:{port}", To(_second))));

        using Peer client = await Peer.Connect(new IPEndPoint(IPAddress.Loopback, port));
        await client.Echoes("hello");
        await before.Echoes("still there");
        Assert.That(_second.Accepted, Is.EqualTo(1));
    }

    [Test]
    public async Task Wider_endpoint_makes_place_for_a_narrower_one()
    {
        await Start(To(_first), listen: "*:0");
        int port = ((IPEndPoint)_proxy.Endpoints[0]).Port;

        await _proxy.ApplyAsync(Options(Route("web", $"127.0.0.1:{port}", To(_second))));

        using Peer client = await Connect();
        await client.Echoes("hello");
        Assert.That(_second.Accepted, Is.EqualTo(1));
    }

    [Test]
    public async Task Unix_socket_is_kept_or_added_or_removed()
    {
        using var folder = new Cli.TemporaryFolder();
        string kept = Path.Combine(folder.FullName, "kept");
        string gone = Path.Combine(folder.FullName, "gone");
        string added = Path.Combine(folder.FullName, "added");
        RouteOptions route = Route("web", $"unix:{kept}", To(_first));
        route.Listen.Add($"unix:{gone}");
        _proxy = new TcpProxy(Options(route), _log);
        await _proxy.StartAsync();

        RouteOptions changed = Route("web", $"unix:{kept}", To(_first));
        changed.Listen.Add($"unix:{added}");
        await _proxy.ApplyAsync(Options(changed));

        Assert.That(File.Exists(gone), Is.False);
        foreach (string path in new[] { kept, added })
        {
            using Peer client = await Peer.Connect(new UnixDomainSocketEndPoint(path));
            await client.Echoes("hello");
        }
    }

    [Test]
    public async Task Options_with_mistakes_change_nothing_and_say_all()
    {
        await Start(To(_first));
        TcpProxyOptions wrong = Options(Route("web", Here, To(_second)));
        wrong.Routes[0].Backlog = 0;
        wrong.Loops = loops + 1;
        wrong.BufferSize = 4096;
        wrong.ParkIdleSockets = false;

        ArgumentException? exception = Assert.ThrowsAsync<ArgumentException>(() => _proxy.ApplyAsync(wrong));

        Assert.That(exception!.Message.Split(Environment.NewLine), Is.EqualTo(
        [
            "Routes:0:Backlog: must be 1 or more",
            "Loops: can't be changed while the proxy runs",
            "BufferSize: can't be changed while the proxy runs",
            "ParkIdleSockets: can't be changed while the proxy runs",
        ]));
        using Peer client = await Connect();
        await client.Echoes("hello");
        Assert.That(_second.Accepted, Is.Zero);
    }

    [Test]
    public async Task Endpoint_that_can_not_be_bound_changes_nothing_and_leaves_nothing_open()
    {
        await using var occupier = new TestUpstream();
        await Start(To(_first));
        RouteOptions route = Route("web", Here, To(_second));
        route.Listen.Add("127.0.0.1:0");
        route.Listen.Add(occupier.Endpoint.ToString()!);
        EndPoint[] before = [.. _proxy.Endpoints];
        int descriptors = Descriptors.Count();

        ListenException? exception = Assert.ThrowsAsync<ListenException>(() => _proxy.ApplyAsync(Options(route)));

        Assert.That(exception!.Message, Is.EqualTo($"Cannot listen on {occupier.Endpoint}: the address is already in use"));
        Assert.That(Descriptors.Count(), Is.EqualTo(descriptors));
        Assert.That(_proxy.Endpoints, Is.EqualTo(before));
        using Peer client = await Connect();
        await client.Echoes("hello");
        Assert.That(_second.Accepted, Is.Zero);
    }

    [Test]
    public async Task Policy_that_can_not_be_made_changes_nothing()
    {
        await Start(To(_first));
        TcpProxyOptions wrong = Options(Route("web", Here, To(_second)));
        wrong.BalancingPolicies.Add("Broken", static () => throw new InvalidDataException("no policy"));
        wrong.Routes[0].Balancing = "Broken";

        Assert.ThrowsAsync<InvalidDataException>(() => _proxy.ApplyAsync(wrong));

        using Peer client = await Connect();
        await client.Echoes("hello");
        Assert.That(_first.Accepted, Is.EqualTo(1));
    }

    [Test]
    public async Task Upstream_that_stays_keeps_its_turn_its_connections_and_its_health()
    {
        using var refused = new RefusedEndpoint();
        RouteOptions Changing(int attempts)
        {
            RouteOptions route = Route("web", Here, To(_first));
            route.Upstreams.Add(new() { Address = refused.Endpoint.ToString()!, MaxConnections = attempts });
            route.PassiveHealth = new() { Failures = 1, OutTime = TimeSpan.FromMinutes(1) };
            return route;
        }

        await Start(To(_first));
        await _proxy.ApplyAsync(Options(Changing(5)));
        using Peer one = await Connect();
        using Peer two = await Connect();
        await Task.WhenAll(one.Echoes("1"), two.Echoes("2"));
        await _log.Saw("UpstreamOut");

        await _proxy.ApplyAsync(Options(Changing(6)));
        using Peer three = await Connect();
        await three.Echoes("3");

        Assert.That(_log.Entries.Count(entry => entry.Name == "Connecting" && entry.Text.EndsWith($"{refused.Endpoint}")), Is.EqualTo(1));
        Assert.That(await OnFirstLoop(static shard => shard.Pools.First().Members.Select(member => member.Upstream.Connections)), Is.EqualTo([3, 0]));
    }

    [Test]
    public async Task Upstream_that_was_down_comes_up_when_checks_are_taken_away()
    {
        RouteOptions route = Route("web", "127.0.0.1:0", To(_first));
        route.HealthCheck = new() { Expect = "never", Timeout = TimeSpan.FromMilliseconds(1), Fall = 1, Interval = TimeSpan.FromHours(1) };
        _proxy = new TcpProxy(Options(route), _log);
        await _proxy.StartAsync();
        await _log.Saw("UpstreamDown");

        await _proxy.ApplyAsync(Options(Route("web", Here, To(_first))));

        using Peer client = await Connect();
        await client.Echoes("hello");
    }

    [Test]
    public async Task Clients_who_wait_in_the_queue_of_a_removed_route_are_served()
    {
        RouteOptions narrow = Route("web", "127.0.0.1:0", To(_first));
        narrow.Upstreams[0].MaxConnections = 1;
        _proxy = new TcpProxy(Options(narrow), _log);
        await _proxy.StartAsync();
        using Peer served = await Connect();
        await served.Echoes("hello");
        using Peer waits = await Connect();
        await _log.Saw("Queued");

        await _proxy.ApplyAsync(Options(Route("other", "127.0.0.1:0", To(_second))));
        served.Reset();

        await waits.Echoes("at last");
    }

    [Test]
    public async Task Client_who_waits_for_a_place_gets_one_when_the_upstream_may_have_more()
    {
        RouteOptions narrow = Route("web", "127.0.0.1:0", To(_first));
        narrow.Upstreams[0].MaxConnections = 1;
        _proxy = new TcpProxy(Options(narrow), _log);
        await _proxy.StartAsync();
        using Peer served = await Connect();
        await served.Echoes("hello");
        using Peer waits = await Connect();
        await _log.Saw("Queued");

        await _proxy.ApplyAsync(Options(Route("web", Here, To(_first))));

        await waits.Echoes("at last");
    }

    [Test]
    public async Task Maximum_of_connections_may_be_raised_and_lowered()
    {
        await Start(To(_first));
        TcpProxyOptions With(int maximum)
        {
            TcpProxyOptions options = Options(Route("web", Here, To(_first)));
            options.MaxConnections = maximum;
            return options;
        }

        await _proxy.ApplyAsync(With(1));
        using Peer one = await Connect();
        await one.Echoes("hello");
        using Peer two = await Connect();
        using Peer three = await Connect();
        await _log.Saw("AtMaximum");
        await _proxy.ApplyAsync(With(3));
        await Task.WhenAll(two.Echoes("let in"), three.Echoes("let in"));

        await _proxy.ApplyAsync(With(1));
        using Peer four = await Connect();
        one.Reset();
        two.Reset();
        await _log.Saw("Ended", 2);
        Assert.That(_proxy.GetStatistics().Accepted, Is.EqualTo(3), "one of one is still served");
        three.Reset();
        await four.Echoes("let in");
    }

    [Test]
    public async Task Proxy_that_does_not_run_takes_no_other_options()
    {
        _proxy = new TcpProxy(Options(Route("web", "127.0.0.1:0", To(_first))));
        Assert.ThrowsAsync<InvalidOperationException>(() => _proxy.ApplyAsync(Options(Route("web", "127.0.0.1:0", To(_first)))));

        await _proxy.StartAsync();
        await _proxy.StopAsync();

        Assert.ThrowsAsync<InvalidOperationException>(() => _proxy.ApplyAsync(Options(Route("web", "127.0.0.1:0", To(_first)))));
    }

    [Test]
    public async Task Change_that_fails_on_a_loop_says_so_and_does_not_keep_others_waiting()
    {
        await Start(To(_first));
        TcpProxyOptions changed = Options(Route("web", Here, To(_second)));
        Shard shard = _proxy.Shards[0];
        shard.Loop.Post(shard, () => shard.Listeners.All[0].Socket.Dispose());

        Assert.That(
            () => Bound.Within("the failure", _proxy.ApplyAsync(changed)), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(
            () => Bound.Within("the next failure", _proxy.ApplyAsync(changed)), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Change_that_meets_the_stop_leaves_nothing_open()
    {
        int descriptors = Descriptors.Count();
        for (int i = 0; i < 20; i++)
        {
            await using var proxy = new TcpProxy(Options(Route("web", "127.0.0.1:0", To(_first))));
            await proxy.StartAsync();
            Task stop = Task.Run(() => proxy.StopAsync());
            try
            {
                await proxy.ApplyAsync(Options(Route("new", "127.0.0.1:0", To(_first))));
            }
            catch (InvalidOperationException)
            {
                // It was stopped before.
            }

            await Bound.Within("the stop", stop);
        }

        Assert.That(Descriptors.Count(), Is.EqualTo(descriptors));
        await Start(To(_first));
    }

    private static string To(TestUpstream upstream) => upstream.Endpoint.ToString()!;

    private static RouteOptions Route(string name, string listen, string upstream) =>
        new() { Name = name, Listen = { listen }, Upstreams = { new() { Address = upstream } } };

    private string Here => _proxy.Endpoints[0].ToString()!;

    private TcpProxyOptions Options(RouteOptions route) => new() { Loops = loops, Routes = { route } };

    private async Task Start(string upstream, TimeProvider? clock = null, string listen = "127.0.0.1:0")
    {
        _proxy = new TcpProxy(Options(Route("web", listen, upstream)), _log, clock);
        await _proxy.StartAsync();
    }

    private Task<Peer> Connect() => Peer.Connect(_proxy.Endpoints[0]);

    private Task<T> OnFirstLoop<T>(Func<Shard, T> look)
    {
        Shard shard = _proxy.Shards[0];
        var seen = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        shard.Loop.Post(shard, () => seen.SetResult(look(shard)));
        return seen.Task;
    }
}
