using ProxyCore.Connections.Listening;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Statistics;

/// <summary>What a proxy tells of itself at one moment.</summary>
internal sealed class SnapshotTests
{
    private EchoUpstream _upstream = null!;

    [SetUp]
    public void StartUpstream() => _upstream = new EchoUpstream();

    [TearDown]
    public async Task StopUpstream() => await _upstream.DisposeAsync();

    [Test]
    public async Task State_follows_the_life_of_the_proxy()
    {
        await using var proxy = new TcpProxy(new TcpProxyOptions
        {
            Routes = { new RouteOptions { Listen = { "127.0.0.1:0" }, Upstreams = { new UpstreamOptions { Address = _upstream.Endpoint.ToString()! } } } },
        });
        ProxySnapshot created = await proxy.GetSnapshotAsync();
        await proxy.StartAsync();
        using Peer client = await Peer.Connect(proxy.Endpoints[0]);
        await client.Echoes("hello");
        ProxySnapshot running = await proxy.GetSnapshotAsync();
        Task stopped = proxy.StopAsync();
        ProxySnapshot draining = await proxy.GetSnapshotAsync();
        client.Fin();
        await stopped;
        ProxySnapshot over = await proxy.GetSnapshotAsync();

        Assert.That(
            new[] { created.State, running.State, draining.State, over.State },
            Is.EqualTo([ProxyState.Created, ProxyState.Running, ProxyState.Draining, ProxyState.Stopped]));
        Assert.That(created.Uptime, Is.EqualTo(TimeSpan.Zero));
        Assert.That(running.Uptime, Is.GreaterThan(TimeSpan.Zero));
        Assert.That((created.Connections.Count, running.Connections.Count, draining.Connections.Count, over.Connections.Count), Is.EqualTo((0, 1, 1, 0)));
        Assert.That(over.Statistics.Ended[EndReason.ClientFin], Is.EqualTo(1));
    }

    [Test]
    public async Task Connection_is_told_as_its_peers_see_it()
    {
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(_upstream.Endpoint);
        using Peer client = await proxy.Connect();
        await client.Echoes("hello");
        await proxy.HasRelayed(ConnectionSide.Upstream, 5);
        proxy.Clock!.Advance(TimeSpan.FromSeconds(2));

        ConnectionSnapshot connection = (await Take(proxy)).Connections.Single();

        Assert.That(connection.Report.Client, Is.EqualTo(client.Socket.LocalEndPoint));
        Assert.That(connection.Report.Upstream, Is.EqualTo(_upstream.Endpoint.ToString()));
        Assert.That(connection.Report.Phase, Is.EqualTo(ConnectionPhase.Relaying));
        Assert.That((connection.Report.BytesToUpstream, connection.Report.BytesToClient), Is.EqualTo((5L, 5L)));
        Assert.That(connection.Report.Duration, Is.EqualTo(TimeSpan.FromSeconds(2)));
        Assert.That(connection.Report.Reason, Is.Null);
        Assert.That(connection.BytesPerSecond, Is.EqualTo(5));
    }

    [Test]
    public async Task Rate_is_that_since_the_snapshot_before()
    {
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(_upstream.Endpoint);
        using Peer client = await proxy.Connect();
        await client.Echoes("hello");
        await proxy.HasRelayed(ConnectionSide.Upstream, 5);
        proxy.Clock!.Advance(TimeSpan.FromSeconds(10));
        await Take(proxy);

        await client.Echoes("more");
        await proxy.HasRelayed(ConnectionSide.Upstream, 9);
        proxy.Clock.Advance(TimeSpan.FromSeconds(2));
        double busy = (await Take(proxy)).Connections.Single().BytesPerSecond;
        proxy.Clock.Advance(TimeSpan.FromSeconds(1));
        double idle = (await Take(proxy)).Connections.Single().BytesPerSecond;

        Assert.That((busy, idle), Is.EqualTo((4d, 0d)));
    }

    [Test]
    public async Task What_it_took_is_forgotten_when_nobody_asks_any_more()
    {
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(_upstream.Endpoint);
        await Take(proxy);

        proxy.Clock!.Advance(TimeSpan.FromSeconds(30));

        // In the turn that the clock has woken the loop for, posted work comes before timers.
        await proxy.OnLoop(static _ => true);
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Of_many_the_oldest_and_the_busiest_are_picked()
    {
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(_upstream.Endpoint);
        using var crowd = new Clients(proxy);
        for (int i = 0; i < 20; i++)
        {
            await crowd.Add();
        }

        await crowd[17].Echoes("busy");
        await crowd[13].Echoes("busier");
        await proxy.HasRelayed(ConnectionSide.Upstream, 10);
        proxy.Clock!.Advance(TimeSpan.FromSeconds(1));

        IReadOnlyList<ConnectionSnapshot> picked = (await Take(proxy, 4)).Connections;

        Assert.That(picked.Select(static one => one.Report.Id), Is.EqualTo([1, 2, 14, 18]));
        Assert.That(picked.Select(static one => one.BytesPerSecond), Is.EqualTo([0, 0, 12, 8]));
    }

    [Test]
    public async Task Of_many_quiet_ones_as_many_are_picked_as_are_asked_for()
    {
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(_upstream.Endpoint);
        using var crowd = new Clients(proxy);
        for (int i = 0; i < 20; i++)
        {
            await crowd.Add();
        }

        // The first 4 are as busy as all others: as the oldest they would be picked twice.
        Assert.That((await Take(proxy, 8)).Connections, Has.Count.EqualTo(8));
        Assert.That((await Take(proxy, 50)).Connections, Has.Count.EqualTo(20));
    }

    [Test]
    public async Task Connections_of_all_loops_are_seen()
    {
        await using RunningProxy proxy = await RunningProxy.OnLoops(3, ClientSpread.HandOver, _upstream.Endpoint);
        using var crowd = new Clients(proxy);
        for (int i = 0; i < 6; i++)
        {
            await (await crowd.Add()).Echoes("x");
        }

        ProxySnapshot snapshot = await proxy.Proxy.GetSnapshotAsync();

        Assert.That(snapshot.Connections.Select(static one => one.Report.Id), Is.EqualTo([1, 2, 3, 4, 5, 6]));
        Assert.That(snapshot.Loops.Select(static loop => (loop.Number, loop.Connections)), Is.EqualTo([(1, 2), (2, 2), (3, 2)]));
        Assert.That(snapshot.Loops.Select(static loop => loop.Selects), Is.All.GreaterThan(0));
        Assert.That(snapshot.Loops.Select(static loop => loop.Watched + loop.Parked), Is.All.GreaterThan(0));
    }

    [Test]
    public async Task Routes_tell_where_they_listen_and_how_their_upstreams_are()
    {
        using var refused = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint, route =>
        {
            route.Name = "web";
            route.Balancing = "FirstAvailable";
            route.Upstreams.Insert(0, new UpstreamOptions { Address = refused.Endpoint.ToString()!, Weight = 3, MaxConnections = 7 });
            route.Upstreams[1].Backup = true;
            route.PassiveHealth.Failures = 1;
        });
        using Peer client = await proxy.Connect();
        await client.Echoes("hello");

        RouteSnapshot route = (await Take(proxy)).Routes.Single();
        UpstreamSnapshot bad = route.Upstreams[0];
        UpstreamSnapshot good = route.Upstreams[1];

        Assert.That((route.Name, route.Balancing, route.Queued), Is.EqualTo(("web", "FirstAvailable", 0)));
        Assert.That(route.Endpoints, Is.EqualTo([proxy.Endpoint.ToString()]));
        Assert.That((route.Statistics.Accepted, route.Statistics.Active), Is.EqualTo((1L, 1L)));
        Assert.That(
            (bad.Address, bad.State, bad.Weight, bad.MaxConnections, bad.IsBackup, bad.Connections, bad.Connected, bad.Failed),
            Is.EqualTo((refused.Endpoint.ToString(), UpstreamState.Out, 3, (int?)7, false, 0, 0L, 1L)));
        Assert.That(
            (good.Address, good.State, good.Weight, good.MaxConnections, good.IsBackup, good.Connections, good.Connected, good.Failed),
            Is.EqualTo((_upstream.Endpoint.ToString(), UpstreamState.Up, 1, (int?)null, true, 1, 1L, 0L)));
    }

    [Test]
    public async Task Figures_of_a_route_that_is_gone_stay_in_the_sum()
    {
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint, static route => route.Name = "first");
        using Peer client = await proxy.Connect();
        await client.Echoes("hello");

        // Gone with a connection, gone without one, and added to what is past.
        foreach (string name in (string[])["second", "third", "fourth"])
        {
            await proxy.Proxy.ApplyAsync(new TcpProxyOptions
            {
                ParkIdleSockets = ParkingFixture.Policy is not null,
                Routes = { new RouteOptions { Name = name, Listen = { proxy.Endpoint.ToString()! }, Upstreams = { new UpstreamOptions { Address = _upstream.Endpoint.ToString()! } } } },
            });
            client.Fin();
            await client.ReceivesEof();
            await proxy.HasEnded(1);
        }

        ProxySnapshot snapshot = await Take(proxy);

        Assert.That((snapshot.Statistics.Accepted, snapshot.Statistics.BytesToUpstreams), Is.EqualTo((1L, 5L)));
        Assert.That(snapshot.Statistics.Ended[EndReason.ClientFin], Is.EqualTo(1));
        Assert.That(snapshot.Routes.Select(static route => (route.Name, route.Statistics.Accepted)), Is.EqualTo([("fourth", 0L)]));
    }

    [Test]
    public async Task Connection_is_ended_by_hand_with_a_reset_for_both_sides()
    {
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint);
        using Peer client = await proxy.Connect();
        using Peer other = await proxy.Connect();
        await client.Echoes("hello");
        await other.Echoes("hello");

        bool ended = await proxy.Proxy.EndConnectionAsync(1);
        bool again = await proxy.Proxy.EndConnectionAsync(1);

        Assert.That((ended, again), Is.EqualTo((true, false)));
        await client.ReceivesReset();
        await other.Echoes("still there");
        Assert.That(proxy.Proxy.GetStatistics().Ended[EndReason.Operator], Is.EqualTo(1));
    }

    [Test]
    public async Task Nothing_is_asked_of_a_proxy_that_has_stopped()
    {
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint);
        await proxy.Proxy.StopAsync();

        ProxySnapshot snapshot = await proxy.Proxy.GetSnapshotAsync().WaitAsync(Bound.Wait);

        Assert.That(snapshot.Connections, Is.Empty);
        Assert.That(await proxy.Proxy.EndConnectionAsync(1).WaitAsync(Bound.Wait), Is.False);
        Assert.That(() => proxy.Proxy.GetSnapshotAsync(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static Task<ProxySnapshot> Take(RunningProxy proxy, int most = 100) =>
        proxy.Proxy.GetSnapshotAsync(most).WaitAsync(Bound.Wait);

    private sealed class Clients(RunningProxy proxy) : IDisposable
    {
        private readonly List<Peer> _clients = [];

        internal Peer this[int index] => _clients[index];

        /// <summary>Connects one more; it is there before the next.</summary>
        internal async Task<Peer> Add()
        {
            Peer client = await proxy.Connect();
            _clients.Add(client);
            await proxy.Log.Saw("Relaying", _clients.Count);
            return client;
        }

        public void Dispose() => _clients.ForEach(static client => client.Dispose());
    }
}
