using System.Net;
using ProxyCore.Connections;
using ProxyCore.Settings;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying.Changing;

/// <summary>What a route knows of its upstreams, and who waits for them, outlives a change.</summary>
[TestFixture(1)]
[TestFixture(3)]
internal sealed class PoolChangeTests(int loops) : ChangingFixture(loops)
{
    [Test]
    public async Task Upstream_that_stays_keeps_its_turn_its_connections_and_its_health()
    {
        using var refused = new RefusedEndpoint();
        RouteOptions Changing(int attempts)
        {
            RouteOptions route = Route("web", Here, To(First));
            route.Upstreams.Add(new() { Address = refused.Endpoint.ToString()!, MaxConnections = attempts });
            route.PassiveHealth = new() { Failures = 1, OutTime = TimeSpan.FromMinutes(1) };
            return route;
        }

        await Start(To(First));
        await Proxy.ApplyAsync(Options(Changing(5)));
        using Peer one = await Connect();
        using Peer two = await Connect();
        await Task.WhenAll(one.Echoes("1"), two.Echoes("2"));
        await Log.Saw("UpstreamOut");

        await Proxy.ApplyAsync(Options(Changing(6)));
        using Peer three = await Connect();
        await three.Echoes("3");

        Assert.That(Log.Entries.Count(entry => entry.Name == "Connecting" && entry.Text.EndsWith($"{refused.Endpoint}")), Is.EqualTo(1));
        Assert.That(await OnFirstLoop(static shard => shard.RouteSet.Pools.First().Members.Select(member => member.Upstream.Connections)), Is.EqualTo([3, 0]));
    }

    [Test]
    public async Task Upstream_that_was_down_comes_up_when_checks_are_taken_away()
    {
        RouteOptions route = Route("web", "127.0.0.1:0", To(First));
        route.HealthCheck = new() { Expect = "never", Timeout = TimeSpan.FromMilliseconds(1), Fall = 1, Interval = TimeSpan.FromHours(1) };
        await Start(route);
        await Log.Saw("UpstreamDown");

        await Proxy.ApplyAsync(Options(Route("web", Here, To(First))));

        using Peer client = await Connect();
        await client.Echoes("hello");
    }

    [Test]
    public async Task Clients_who_wait_in_the_queue_of_a_removed_route_are_served()
    {
        (Peer served, Peer waits) = await StartFull();

        await Proxy.ApplyAsync(Options(Route("other", "127.0.0.1:0", To(Second))));
        served.Reset();

        await waits.Echoes("at last");
    }

    [Test]
    public async Task Clients_that_wait_for_a_name_of_a_removed_route_are_served()
    {
        var answer = new TaskCompletionSource<IPAddress[]>();
        int port = ((IPEndPoint)First.Endpoint).Port;
        ProxyServices services = ProxyServices.Create(Log, timeProvider: null, meterFactory: null, name: null);
        Proxy = new TcpProxy(
            OptionsReader.Read(Options(Route("old", "127.0.0.1:0", $"upstream.test:{port}"))),
            services with { Lookup = (_, _) => answer.Task });
        await Proxy.StartAsync();
        using Peer waiting = await Connect();
        await Log.Saw("Resolving");

        await Proxy.ApplyAsync(Options(Route("new", "127.0.0.1:0", To(Second))));
        answer.SetResult([IPAddress.Loopback]);

        await waiting.Echoes("hello");
    }

    [Test]
    public async Task Client_who_waits_for_a_place_gets_one_when_the_upstream_may_have_more()
    {
        (_, Peer waits) = await StartFull();

        await Proxy.ApplyAsync(Options(Route("web", Here, To(First))));

        await waits.Echoes("at last");
    }

    private Task<T> OnFirstLoop<T>(Func<Shard, T> look)
    {
        Shard shard = Proxy.Shards[0];
        var seen = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        shard.Loop.Post(shard, () => seen.SetResult(look(shard)));
        return seen.Task;
    }
}
