using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Pools;

/// <summary>When all upstreams have been tried in vain, they are tried again after a pause, within both bounds.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class RetryTests(Parking parking) : ParkingFixture(parking)
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _laterPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(1);

    [Test]
    public async Task Upstream_that_refuses_for_a_moment_costs_no_client()
    {
        using var refused = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(refused.Endpoint);
        using Peer client = await proxy.Connect();
        LogEntry pause = await proxy.Log.Saw("AllTried");
        Assert.That(pause.Text, Is.EqualTo("Connection 1: all upstreams have been tried; again in 200 ms"));

        await using EchoUpstream back = refused.ComeBack();
        proxy.Clock!.Advance(_firstPause);

        await client.Echoes("hello");
    }

    [Test]
    public async Task Pause_is_short_at_first_and_longer_later()
    {
        using var refused = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(refused.Endpoint, static route => route.ConnectAttempts = 10);
        using Peer client = await proxy.Connect();

        foreach ((int attempts, TimeSpan pause) in new[] { (1, _firstPause), (2, _laterPause), (3, _laterPause), (4, _laterPause) })
        {
            await proxy.Log.Saw("AllTried", attempts);
            proxy.Clock!.Advance(pause - _tick);
            await Turns(proxy);
            Assert.That(proxy.Log.CountOf("Connecting"), Is.EqualTo(attempts));
            proxy.Clock.Advance(_tick);
        }

        await proxy.Log.Saw("Connecting", 5);
    }

    [Test]
    public async Task No_more_are_made_than_attempts_are_allowed()
    {
        using var refused = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(refused.Endpoint);
        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("AllTried", 1);
        proxy.Clock!.Advance(_firstPause);
        await proxy.Log.Saw("AllTried", 2);
        proxy.Clock.Advance(_laterPause);

        await client.ReceivesReset();

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ConnectRefused));
        Assert.That(proxy.Log.CountOf("Connecting"), Is.EqualTo(3));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Pause_that_would_outlast_the_connect_timeout_is_not_waited_for()
    {
        using var refused = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(refused.Endpoint, static route =>
        {
            route.ConnectAttempts = 10;
            route.ConnectTimeout = _firstPause + _laterPause;
        });
        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("AllTried");
        proxy.Clock!.Advance(_firstPause);

        await client.ReceivesReset();

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ConnectRefused));
        Assert.That(proxy.Log.CountOf("Connecting"), Is.EqualTo(2));
    }

    [Test]
    public async Task None_is_tried_again_while_others_are_left()
    {
        using var first = new RefusedEndpoint();
        using var second = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(first.Endpoint, route =>
        {
            route.Add(second.Endpoint);
            route.ConnectAttempts = 2;
            route.Balancing = BalancingNames.FirstAvailable;
        });
        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("AllTried");
        proxy.Clock!.Advance(_firstPause);
        await client.ReceivesReset();
        await proxy.Ended();

        string[] inTurn = [$"Connection 1: connecting to {first.Endpoint}", $"Connection 1: connecting to {second.Endpoint}"];
        Assert.That(proxy.Log.TextsOf("Connecting"), Is.EqualTo([.. inTurn, .. inTurn]));
    }

    [Test]
    public async Task Upstream_that_is_back_serves_a_client_whose_other_choice_went_away_while_it_waited_in_the_queue()
    {
        using var refused = new RefusedEndpoint();
        await using var full = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(refused.Endpoint, route =>
        {
            route.Add(full.Endpoint);
            route.Upstreams[1].MaxConnections = 1;
            route.Balancing = BalancingNames.FirstAvailable;
        });
        using Peer served = await proxy.Connect();
        await served.Echoes("hello");
        using Peer waits = await proxy.Connect();
        await proxy.Log.Saw("Queued");

        await proxy.Proxy.ApplyAsync(new TcpProxyOptions
        {
            ParkIdleSockets = Policy is not null,
            Routes = { new() { Listen = { proxy.Endpoint.ToString()! }, Upstreams = { new() { Address = refused.Endpoint.ToString()! } } } },
        });
        await proxy.Log.Saw("AllTried");
        await using EchoUpstream back = refused.ComeBack();
        proxy.Clock!.Advance(_firstPause);

        await waits.Echoes("at last");
    }

    [Test]
    public async Task Connection_that_is_cut_in_a_pause_leaves_nothing()
    {
        using var refused = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(refused.Endpoint);
        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("AllTried");

        await proxy.OnLoop(static shard =>
        {
            shard.Routes.Find(1)!.Cut(EndReason.Shutdown);
            return true;
        });

        await client.ReceivesReset();
        await proxy.Ended();
        await proxy.HoldsNothing();
    }

    // Timers are looked at after what was posted: what is due now has happened when the loop comes round once more.
    private static async Task Turns(RunningProxy proxy)
    {
        await proxy.OnLoop(static _ => true);
        await proxy.OnLoop(static _ => true);
    }
}
