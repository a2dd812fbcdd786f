using Microsoft.Extensions.Time.Testing;
using ProxyCore.Connections.Listening;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying.Loops;

/// <summary>Upstreams are chosen for the whole proxy: turn, maximum and health are the same on every loop.</summary>
[TestFixture(1, ClientSpread.OwnListeners)]
[TestFixture(4, ClientSpread.OwnListeners)]
[TestFixture(3, ClientSpread.HandOver)]
internal sealed class PoolTests(int loops, ClientSpread spread) : LoopsFixture(loops, spread)
{
    [Test]
    public async Task Upstreams_are_taken_in_turn_whatever_loops_the_clients_come_to()
    {
        await using var first = new EchoUpstream();
        await using var second = new EchoUpstream();
        await using RunningProxy proxy = await Start(route => Add(route, second), to: first);

        Peer[] clients = await ConnectServed(proxy, 40);

        Assert.That((first.Accepted, second.Accepted), Is.EqualTo((20, 20)));
        await EndOrderly(clients);
        await proxy.Ended(40);
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Never_more_reach_an_upstream_than_its_maximum_and_all_are_served()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await Start(static route => route.Upstreams[0].MaxConnections = 3, to: upstream);

        Peer[] clients = await Connect(proxy, 100);
        await Task.WhenAll(clients.Select(static async client =>
        {
            await client.Echoes("hello");
            client.Fin();
            await client.ReceivesEof();
            client.Dispose();
        }));

        await proxy.Ended(100);
        Assert.That(upstream.MostAtOnce, Is.InRange(1, 3));
        Assert.That(await proxy.OnLoop(static shard => shard.RouteSet.Pools.First().Members[0].Upstream.Connections), Is.Zero);
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Upstream_that_is_out_is_out_on_every_loop()
    {
        using var refused = new RefusedEndpoint();
        await using var other = new EchoUpstream();
        await using RunningProxy proxy = await Start(to: other, route: route =>
        {
            route.Upstreams.Insert(0, new UpstreamOptions { Address = refused.Endpoint.ToString()! });
            route.Balancing = BalancingNames.FirstAvailable;
            route.PassiveHealth.OutTime = TimeSpan.FromMinutes(1);
        });

        await EndOrderly(await ConnectServed(proxy, 3));
        await EndOrderly(await ConnectServed(proxy, 20));

        Assert.That(proxy.Log.CountOf("UpstreamOut"), Is.EqualTo(1));
        Assert.That(proxy.Log.CountOf("Connecting"), Is.EqualTo((2 * 3) + 20));
    }

    [Test]
    public async Task Upstream_that_refuses_for_a_moment_is_tried_again_from_every_loop()
    {
        using var refused = new RefusedEndpoint();
        var clock = new FakeTimeProvider();
        await using RunningProxy proxy = await RunningProxy.OnLoops(Loops, Spread, refused.Endpoint, clock: clock);
        Peer[] clients = await Connect(proxy, 20);
        await proxy.Log.Saw("AllTried", 20);

        await using EchoUpstream back = refused.ComeBack();
        clock.Advance(TimeSpan.FromMilliseconds(200));

        await Task.WhenAll(clients.Select(static client => client.Echoes("hello")));
        await EndOrderly(clients);
        await proxy.Ended(20);
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Drain_serves_those_who_still_wait_for_an_upstream()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await Start(static route => route.Upstreams[0].MaxConnections = 1, to: upstream);
        Peer[] clients = await Connect(proxy, 8);
        await proxy.Log.Saw("Queued", 7);

        Task stopped = proxy.Proxy.StopAsync();
        await Task.WhenAll(clients.Select(static async client =>
        {
            await client.Echoes("hello");
            client.Fin();
            await client.ReceivesEof();
            client.Dispose();
        }));

        await Bound.Within("the drain", stopped);
        Assert.That(proxy.Proxy.GetStatistics().Ended[EndReason.ClientFin], Is.EqualTo(8));
    }

    private static void Add(RouteOptions route, TestUpstream upstream) =>
        route.Upstreams.Add(new UpstreamOptions { Address = upstream.Endpoint.ToString()! });
}
