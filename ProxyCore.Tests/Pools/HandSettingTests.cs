using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Pools;

/// <summary>Upstreams that an operator drains, disables, weighs or bounds while the proxy runs.</summary>
internal sealed class HandSettingTests
{
    private TestUpstream _one = null!;
    private TestUpstream _two = null!;

    private string One => _one.Endpoint.ToString()!;

    private string Two => _two.Endpoint.ToString()!;

    [SetUp]
    public void Start()
    {
        _one = new TestUpstream();
        _two = new TestUpstream();
    }

    [TearDown]
    public async Task End()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [TestCase(UpstreamAdministration.Drain)]
    [TestCase(UpstreamAdministration.Disabled)]
    public async Task One_that_is_drained_or_disabled_keeps_its_connections_and_gets_no_new_ones(UpstreamAdministration state)
    {
        await using RunningProxy proxy = await Proxy();
        using Peer client = await proxy.Connect();
        using Peer server = await _one.Accept();

        Assert.That(await Set(proxy, new UpstreamChange { Upstream = One, State = state }), Is.True);
        for (int i = 0; i < 4; i++)
        {
            using Peer next = await proxy.Connect();
            using Peer at = await _two.Accept();
            await next.Send("new");
            Assert.That(await at.ReceiveText(3), Is.EqualTo("new"));
        }

        await client.Send("old");
        Assert.That(await server.ReceiveText(3), Is.EqualTo("old"));
        UpstreamSnapshot seen = await Snapshot(proxy, One);
        Assert.That((seen.State, seen.Administration, seen.Connections), Is.EqualTo((UpstreamState.Up, state, 1)));
        Assert.That(seen.SetByHandAt, Is.Not.Null);
    }

    [Test]
    public async Task Its_connections_end_with_a_reset_and_a_reason_of_their_own_only_when_that_is_asked_for()
    {
        await using RunningProxy proxy = await Proxy();
        using Peer client = await proxy.Connect();
        using Peer server = await _one.Accept();

        await Set(proxy, new UpstreamChange { Upstream = One, State = UpstreamAdministration.Drain, EndConnections = true });

        await client.ReceivesReset();
        await server.ReceivesReset();
        Assert.That((await proxy.Ended()).Ended[EndReason.UpstreamCut], Is.EqualTo(1));
    }

    [Test]
    public async Task Clients_wait_while_all_are_drained_by_hand_and_the_first_that_is_ready_serves_them()
    {
        await using RunningProxy proxy = await Proxy();
        await Set(proxy, new UpstreamChange { Upstream = One, State = UpstreamAdministration.Drain });
        await Set(proxy, new UpstreamChange { Upstream = Two, State = UpstreamAdministration.Disabled });
        using Peer first = await proxy.Connect();
        using Peer second = await proxy.Connect();
        await proxy.Log.Saw("Queued", 2);

        await Set(proxy, new UpstreamChange { Upstream = Two, State = UpstreamAdministration.Ready });

        using Peer one = await _two.Accept();
        using Peer other = await _two.Accept();
    }

    [Test]
    public async Task A_maximum_that_is_raised_or_lifted_serves_those_that_wait()
    {
        await using RunningProxy proxy = await Proxy(route => route.Upstreams.RemoveAt(1));
        await Set(proxy, new UpstreamChange { Upstream = One, MaxConnections = 1 });
        var clients = new List<Peer>();
        for (int i = 0; i < 4; i++)
        {
            clients.Add(await proxy.Connect());
        }

        using Peer first = await _one.Accept();
        await proxy.Log.Saw("Queued", 3);
        await Set(proxy, new UpstreamChange { Upstream = One, MaxConnections = 2 });
        using Peer second = await _one.Accept();
        Assert.That((await Snapshot(proxy, One)).Connections, Is.EqualTo(2), "the maximum holds");

        await Set(proxy, new UpstreamChange { Upstream = One, MaxConnections = null });

        using Peer third = await _one.Accept();
        using Peer fourth = await _one.Accept();
        clients.ForEach(static client => client.Dispose());
    }

    [Test]
    public async Task A_weight_of_zero_drains_and_the_configured_one_comes_back()
    {
        await using RunningProxy proxy = await Proxy();
        await Set(proxy, new UpstreamChange { Upstream = One, Weight = 0 });
        using Peer client = await proxy.Connect();
        using Peer server = await _two.Accept();
        Assert.That((await Snapshot(proxy, One)).Weight, Is.Zero);

        await Set(proxy, new UpstreamChange { Upstream = One, Weight = null });

        UpstreamSnapshot seen = await Snapshot(proxy, One);
        Assert.That((seen.Weight, seen.ConfiguredWeight, seen.SetByHandAt), Is.EqualTo((1, (int?)null, (DateTimeOffset?)null)));
    }

    [Test]
    public async Task What_was_set_by_hand_survives_a_reload_which_says_what_it_contradicts()
    {
        await using RunningProxy proxy = await Proxy();
        await Set(proxy, new UpstreamChange { Upstream = One, State = UpstreamAdministration.Drain, Weight = 3 });
        TcpProxyOptions options = proxy.Proxy.GetOptions();
        options.Routes[0].Upstreams[0].Weight = 20;

        await proxy.Proxy.ApplyAsync(options);

        UpstreamSnapshot seen = await Snapshot(proxy, One);
        Assert.That((seen.Administration, seen.Weight, seen.ConfiguredWeight), Is.EqualTo((UpstreamAdministration.Drain, 3, (int?)20)));
        Assert.That(
            (await proxy.Log.Saw("HandSettingStays")).Text,
            Does.EndWith($"{One} has weight 3 by hand, and the configuration says weight 20"));
    }

    [Test]
    public async Task What_leaves_the_configuration_leaves_nothing_behind()
    {
        await using RunningProxy proxy = await Proxy();
        await Set(proxy, new UpstreamChange { Upstream = One, State = UpstreamAdministration.Drain });
        TcpProxyOptions with = proxy.Proxy.GetOptions();
        TcpProxyOptions without = proxy.Proxy.GetOptions();
        without.Routes[0].Upstreams.RemoveAt(0);

        await proxy.Proxy.ApplyAsync(without);
        await proxy.Proxy.ApplyAsync(with);

        Assert.That((await Snapshot(proxy, One)).Administration, Is.EqualTo(UpstreamAdministration.Ready));
    }

    [Test]
    public async Task A_disabled_one_is_not_checked_and_a_drained_one_is()
    {
        await using RunningProxy proxy = await Proxy(route => route.HealthCheck = new HealthCheckOptions { Interval = TimeSpan.FromMilliseconds(20) });
        using Peer check = await _two.Accept();
        await Set(proxy, new UpstreamChange { Upstream = Two, State = UpstreamAdministration.Drain });
        using Peer still = await _two.Accept();

        await Set(proxy, new UpstreamChange { Upstream = Two, State = UpstreamAdministration.Disabled });

        Assert.That(await proxy.OnLoop(static shard => shard.Loop.TimersArmed), Is.EqualTo(1), "the check of the other");
        await Set(proxy, new UpstreamChange { Upstream = Two, State = UpstreamAdministration.Ready });
        using Peer again = await _two.Accept();
    }

    [TestCase(59, false)]
    [TestCase(61, true)]
    public async Task Only_a_drain_of_more_than_a_minute_ends_in_a_slow_start_whatever_else_was_set_meanwhile(int seconds, bool startsSlowly)
    {
        await using RunningProxy proxy = await Proxy(static route => route.SlowStart = TimeSpan.FromSeconds(10), isClockFake: true);
        await Set(proxy, new UpstreamChange { Upstream = One, State = UpstreamAdministration.Drain });
        proxy.Clock!.Advance(TimeSpan.FromSeconds(seconds));
        await Set(proxy, new UpstreamChange { Upstream = One, Weight = 2 });

        await Set(proxy, new UpstreamChange { Upstream = One, State = UpstreamAdministration.Ready });

        Assert.That(await proxy.OnLoop(static shard => shard.Loop.TimersArmed), Is.EqualTo(startsSlowly ? 1 : 0), "the timer of slow starts");
    }

    [Test]
    public async Task Wrong_values_and_unknown_upstreams_change_nothing()
    {
        await using RunningProxy proxy = await Proxy();

        Assert.That(await Set(proxy, new UpstreamChange { Upstream = "10.0.0.9:80", Weight = 1 }), Is.False);
        Assert.That(() => Set(proxy, new UpstreamChange { Upstream = One, Weight = 1001 }), Throws.ArgumentException.With.Message.Contains("Weight"));
        Assert.That(() => Set(proxy, new UpstreamChange { Upstream = One, MaxConnections = 0 }), Throws.ArgumentException.With.Message.Contains("MaxConnections"));
        Assert.That(() => Set(proxy, new UpstreamChange { Upstream = One, Route = "web" }), Throws.ArgumentException.With.Message.Contains("web"));
        Assert.That((await Snapshot(proxy, One)).SetByHandAt, Is.Null);
    }

    [Test]
    public async Task One_that_was_disabled_starts_slowly_and_its_maximum_hands_the_queue_on_at_each_step()
    {
        await using RunningProxy proxy = await Proxy(
            route =>
            {
                route.Upstreams.RemoveAt(1);
                route.Upstreams[0].MaxConnections = 4;
                route.SlowStart = TimeSpan.FromSeconds(8);
            },
            isClockFake: true);
        await Set(proxy, new UpstreamChange { Upstream = One, State = UpstreamAdministration.Disabled });
        var clients = new List<Peer>();
        for (int i = 0; i < 4; i++)
        {
            clients.Add(await proxy.Connect());
        }

        await proxy.Log.Saw("Queued", 4);
        await Set(proxy, new UpstreamChange { Upstream = One, State = UpstreamAdministration.Ready });

        var servers = new List<Peer>();
        for (int i = 1; i <= 4; i++)
        {
            servers.Add(await _one.Accept());
            await proxy.OnLoop(static _ => true);
            Assert.That((await Snapshot(proxy, One)).Connections, Is.EqualTo(i));
            proxy.Clock!.Advance(TimeSpan.FromSeconds(i == 1 ? 4 : 2));
        }

        clients.Concat(servers).ToList().ForEach(static peer => peer.Dispose());
    }

    private static Task<bool> Set(RunningProxy proxy, UpstreamChange change) => proxy.Proxy.SetUpstreamAsync(change);

    private static async Task<UpstreamSnapshot> Snapshot(RunningProxy proxy, string address) =>
        (await proxy.Proxy.GetSnapshotAsync(0)).Routes[0].Upstreams.Single(one => one.Address == address);

    private Task<RunningProxy> Proxy(Action<RouteOptions>? configure = null, bool isClockFake = false)
    {
        void Configure(RouteOptions route)
        {
            route.Balancing = BalancingNames.RoundRobin;
            route.Add(_two.Endpoint);
            configure?.Invoke(route);
        }

        return isClockFake ? RunningProxy.OnFakeClock(_one.Endpoint, Configure) : RunningProxy.To(_one.Endpoint, Configure);
    }
}
