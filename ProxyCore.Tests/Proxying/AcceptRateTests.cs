using Microsoft.Extensions.Time.Testing;
using ProxyCore.Connections.Listening;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>An endpoint accepts no faster than its rate; the other clients wait in the backlog, and all are served.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
internal sealed class AcceptRateTests(Parking parking) : ParkingFixture(parking)
{
    private static readonly TimeSpan _tenth = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan _tick = TimeSpan.FromTicks(1);

    [Test]
    public async Task Clients_of_a_storm_wait_in_the_backlog_and_are_accepted_at_the_rate()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, static route => Limit(route, "10/s"));
        Peer[] clients = await Connect(proxy, 5);

        for (int accepted = 1; accepted <= clients.Length; accepted++)
        {
            using Peer served = await upstream.Accept();
            Assert.That(await AcceptedSoFar(proxy), Is.EqualTo(accepted));
            proxy.Clock!.Advance(_tenth - _tick);
            Assert.That(await AcceptedSoFar(proxy), Is.EqualTo(accepted), "a tick too early");
            proxy.Clock.Advance(_tick);
        }

        Array.ForEach(clients, static client => client.Dispose());
        await proxy.Ended(clients.Length);
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task A_listener_that_waits_for_its_rate_is_not_watched_so_that_the_loop_sleeps()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, static route => Limit(route, "1/m"));
        await proxy.Serves(1);
        await proxy.Ended();
        using Peer second = await proxy.Connect();
        await proxy.Log.Saw("AtMaximumRate");

        (int watching, int timers) = await proxy.OnLoop(static shard => (shard.Loop.Watching, shard.Loop.TimersArmed));

        Assert.That((watching, timers), Is.EqualTo((1, 1)), "the signal, and the timer of the pause");
    }

    [Test]
    public async Task The_end_of_a_connection_does_not_end_the_wait_for_the_rate()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, static route => Limit(route, "1/m"));
        using Peer first = await proxy.Connect();
        await first.Echoes("hello");
        using Peer second = await proxy.Connect();
        await proxy.Log.Saw("AtMaximumRate");

        first.Fin();
        await first.ReceivesEof();
        await proxy.Ended();

        Assert.That(await proxy.OnLoop(static shard => shard.Loop.Watching), Is.EqualTo(1), "only the signal");
        proxy.Clock!.Advance(TimeSpan.FromMinutes(1));
        await second.Echoes("hello");
    }

    [Test]
    public async Task A_high_rate_lets_a_twentieth_of_a_second_in_at_once_and_wakes_seldom()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, static route => Limit(route, "1000/s"));
        Peer[] clients = await Connect(proxy, 100);
        await proxy.Log.Saw("AtMaximumRate");
        Assert.That(await AcceptedSoFar(proxy), Is.EqualTo(50));

        proxy.Clock!.Advance(TimeSpan.FromMilliseconds(24));
        Assert.That(await AcceptedSoFar(proxy), Is.EqualTo(50), "less than half a burst is allowed");
        proxy.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await clients[74].Echoes("hello");
        Assert.That(await AcceptedSoFar(proxy), Is.EqualTo(75));

        proxy.Clock.Advance(TimeSpan.FromMilliseconds(25));
        await Task.WhenAll(clients.Select(static client => client.Echoes("hello")));
        Array.ForEach(clients, static client => client.Dispose());
        await proxy.Ended(100);
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task A_storm_is_warned_of_once_and_the_next_one_again()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, static route => Limit(route, "10/s"));

        for (int wave = 0; wave < 30; wave++)
        {
            await Storm(proxy);
        }

        Assert.That((await proxy.Log.Saw("AtMaximumRate")).Text, Does.Contain(
            "is at its maximum rate of 10 connections a second: further clients wait in the backlog"));
        Assert.That(proxy.Log.CountOf("AtMaximumRate"), Is.EqualTo(1));

        proxy.Clock!.Advance(TimeSpan.FromSeconds(10));
        await Storm(proxy);
        Assert.That(proxy.Log.CountOf("AtMaximumRate"), Is.EqualTo(2));
    }

    [TestCase(null)]
    [TestCase("1000/s")]
    public async Task A_reload_with_a_higher_rate_or_none_helps_the_waiting_clients_at_once(string? rate)
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, static route => Limit(route, "1/h"));
        await proxy.Serves(1);
        Peer[] clients = await Connect(proxy, 5);
        await proxy.Log.Saw("AtMaximumRate");

        await Apply(proxy, rate);
        proxy.Clock!.Advance(TimeSpan.FromMilliseconds(50));

        await Task.WhenAll(clients.Select(static client => client.Echoes("hello")));
        Array.ForEach(clients, static client => client.Dispose());
    }

    [Test]
    public async Task A_reload_that_keeps_the_rate_lets_nobody_in_early()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, static route => Limit(route, "1/m"));
        await proxy.Serves(1);

        await Apply(proxy, "1/m");
        using Peer second = await proxy.Connect();
        await proxy.Log.Saw("AtMaximumRate");

        Assert.That(await AcceptedSoFar(proxy), Is.EqualTo(1));
    }

    [TestCase(2, ClientSpread.OwnListeners)]
    [TestCase(4, ClientSpread.OwnListeners)]
    [TestCase(3, ClientSpread.HandOver)]
    public async Task The_rate_is_that_of_all_loops_together(int loops, ClientSpread spread)
    {
        const int Clients = 12;
        var clock = new FakeTimeProvider();
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnLoops(
            loops, spread, upstream.Endpoint, static route => Limit(route, "10/s"), clock: clock);
        Peer[] clients = await Connect(proxy, Clients);

        for (int accepted = 1; accepted <= Clients; accepted++)
        {
            using Peer served = await upstream.Accept();
            Assert.That(await AcceptedSoFar(proxy), Is.EqualTo(accepted));
            clock.Advance(_tenth);
        }

        Array.ForEach(clients, static client => client.Dispose());
        await proxy.Ended(Clients);
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task A_stop_leaves_no_timer_of_a_listener_that_waits()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(
            upstream.Endpoint, static route => Limit(route, "1/h"), static options => options.DrainTimeout = TimeSpan.Zero);
        await proxy.Serves(1);
        using Peer waiting = await proxy.Connect();
        await proxy.Log.Saw("AtMaximumRate");

        await proxy.Proxy.StopAsync();

        await waiting.ReceivesReset();
    }

    /// <summary>Two clients at once, of whom one has to wait; the next may come at once again.</summary>
    private static async Task Storm(RunningProxy proxy)
    {
        Peer[] clients = await Connect(proxy, 2);
        await clients[0].Echoes("hello");
        await AcceptedSoFar(proxy);
        proxy.Clock!.Advance(_tenth);
        await clients[1].Echoes("hello");
        Array.ForEach(clients, static client => client.Dispose());
        await AcceptedSoFar(proxy);
        proxy.Clock.Advance(_tenth);
    }

    private static void Limit(RouteOptions route, string? rate) => route.Listen.Add(new ListenOptions("127.0.0.1:0")
    {
        MaxConnectionRate = rate is null ? null : ConnectionRate.Parse(rate),
    });

    private static Task Apply(RunningProxy proxy, string? rate)
    {
        TcpProxyOptions options = proxy.Proxy.GetOptions();
        options.Routes[0].Listen[0].MaxConnectionRate = rate is null ? null : ConnectionRate.Parse(rate);
        return proxy.Proxy.ApplyAsync(options);
    }

    private static async Task<Peer[]> Connect(RunningProxy proxy, int clients)
    {
        var connected = new List<Peer>();
        while (connected.Count < clients)
        {
            connected.Add(await proxy.Connect());
        }

        return [.. connected];
    }

    /// <summary>How many clients are accepted, once each loop has had a turn for its timers and one for its sockets.</summary>
    private static async Task<long> AcceptedSoFar(RunningProxy proxy)
    {
        for (int turn = 0; turn < 3; turn++)
        {
            await proxy.OnEachLoop(static _ => true);
        }

        return proxy.Proxy.GetStatistics().Accepted;
    }
}
