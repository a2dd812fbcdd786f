using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Connections.Limiting;
using ProxyCore.Connections.Listening;
using ProxyCore.Loop;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>What connections of a route with a bandwidth carry, mostly on a clock that the tests move.</summary>
[TestFixtureSource(typeof(EitherSide))]
internal sealed class BandwidthTests(Parking parking, ConnectionSide side) : ParkingFixture(parking)
{
    private const int BytesPerSecond = 256_000;
    private const int Burst = BytesPerSecond / 10;
    // Select counts whole milliseconds.
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(1);

    [Test]
    public async Task Each_connection_has_the_rate_for_itself()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, With(Limited(BandwidthScope.Connection)));
        using Flow one = new(await Ends.Of(proxy, upstream, side));
        using Flow other = new(await Ends.Of(proxy, upstream, side));

        await Run(proxy, seconds: 2, one, other);

        await Arrived(one, Burst + (2 * BytesPerSecond));
        await Arrived(other, Burst + (2 * BytesPerSecond));
    }

    [Test]
    public async Task Connections_of_one_address_share_the_rate_and_the_last_takes_it_away()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, With(Limited(BandwidthScope.Client)));
        using (Flow one = new(await Ends.Of(proxy, upstream, side)))
        using (Flow other = new(await Ends.Of(proxy, upstream, side)))
        using (Flow stranger = new(await EndsFrom("127.0.0.2", proxy, upstream)))
        {
            Assert.That(await Clients(proxy), Is.EqualTo(2));

            await Run(proxy, seconds: 2, one, other, stranger);

            await Arrived(one, (Burst / 2) + BytesPerSecond, percent: 8);
            await Arrived(other, (Burst / 2) + BytesPerSecond, percent: 8);
            await Arrived(stranger, Burst + (2 * BytesPerSecond));
        }

        await RunToTheEnd(proxy, connections: 3);
        Assert.That(await Clients(proxy), Is.Zero);
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Connections_of_a_route_share_the_rate_over_all_loops()
    {
        var clock = new FakeTimeProvider();
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnLoops(
            2, ClientSpread.HandOver, upstream.Endpoint, With(Limited(BandwidthScope.Route)), clock: clock);
        using Flow one = new(await Ends.Of(proxy, upstream, side));
        using Flow other = new(await EndsFrom("127.0.0.2", proxy, upstream));
        Assert.That(await proxy.OnEachLoop(static shard => shard.Connections), Is.EqualTo((int[])[1, 1]));

        await Run(proxy, seconds: 2, one, other);

        await ArrivedTogether([one, other], Burst + (2 * BytesPerSecond));
        Assert.That(one.Received, Is.EqualTo((double)other.Received).Within(30).Percent, "the first burst went to one of them");
    }

    [Test]
    public async Task Eight_that_share_a_rate_get_an_eighth_each()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, With(Limited(BandwidthScope.Route)));
        var flows = new List<Flow>();
        for (int i = 0; i < 8; i++)
        {
            flows.Add(new Flow(await Ends.Of(proxy, upstream, side)));
        }

        await Run(proxy, seconds: 1, flows);
        long[] before = [.. flows.Select(static flow => flow.Received)];
        await Run(proxy, seconds: 4, flows);

        await ArrivedTogether(flows, Burst + (5 * BytesPerSecond));
        Assert.That(
            flows.Zip(before, static (flow, before) => (double)(flow.Received - before)),
            Has.All.EqualTo(4.0 * BytesPerSecond / 8).Within(10).Percent);
        flows.ForEach(static flow => flow.Dispose());
    }

    [Test]
    public async Task The_other_direction_has_a_rate_of_its_own()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, With(new BandwidthOptions
        {
            ToClient = side == ConnectionSide.Client ? 4 * BytesPerSecond : BytesPerSecond,
            ToUpstream = side == ConnectionSide.Client ? BytesPerSecond : 4 * BytesPerSecond,
            Burst = Burst,
        }));
        Ends ends = await Ends.Of(proxy, upstream, side);
        using Flow slow = new(ends);
        using Flow fast = new(new Ends(ends.Other, ends.Side));

        await Run(proxy, seconds: 2, slow, fast);

        await Arrived(slow, Burst + (2 * BytesPerSecond));
        await Arrived(fast, Burst + (8 * BytesPerSecond));
    }

    [Test]
    public async Task A_direction_without_a_rate_is_not_limited()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, With(Limited(BandwidthScope.Connection)));
        using Ends ends = await Ends.Of(proxy, upstream, side);
        byte[] bytes = RandomBytes.Of(4 * BytesPerSecond);
        Task<byte[]> received = ends.Side.Receive(bytes.Length);

        await ends.Other.Send(bytes);

        Assert.That(await received, Is.EqualTo(bytes));
    }

    [Test]
    public async Task A_connection_that_waits_for_its_rate_is_not_idle_but_one_without_bytes_is()
    {
        var bandwidth = new BandwidthOptions { ToClient = 1024, ToUpstream = 1024, Burst = 1024 };
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, route =>
        {
            (route.Bandwidth, route.IdleTimeout, route.HalfCloseTimeout) = (bandwidth, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100));
        });
        using Ends ends = await Ends.Of(proxy, upstream, side);
        byte[] bytes = RandomBytes.Of(3 * 1024);
        await ends.Side.Send(bytes);
        await Relayed(proxy, 1024);

        for (int i = 0; i < 45; i++)
        {
            Assert.That(proxy.Proxy.GetStatistics().Active, Is.EqualTo(1), $"after {i} steps");
            proxy.Clock!.Advance(TimeSpan.FromMilliseconds(50));
            await Settle(proxy);
        }

        Assert.That(await ends.Other.Receive(bytes.Length), Is.EqualTo(bytes));
        proxy.Clock!.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.IdleTimeout));
    }

    [Test]
    public async Task A_FIN_comes_behind_the_bytes_and_the_other_direction_goes_on()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, With(Limited(BandwidthScope.Connection)));
        using Ends ends = await Ends.Of(proxy, upstream, side);
        byte[] bytes = RandomBytes.Of(Burst + (BytesPerSecond / 4));

        await ends.Side.Send(bytes);
        ends.Side.Fin();

        Assert.That(await ends.Other.ReceiveToEnd(), Is.EqualTo(bytes));
        await ends.Other.Send("still here");
        Assert.That(await ends.Side.ReceiveText(10), Is.EqualTo("still here"));
        ends.Other.Fin();
        await proxy.Ended();
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task A_reset_of_the_receiver_ends_the_connection_at_once()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, With(Limited(BandwidthScope.Connection)));
        using Ends ends = await Ends.Of(proxy, upstream, side);
        await ends.Side.Send(RandomBytes.Of(2 * Burst));
        await Relayed(proxy, Burst);

        ends.Other.Reset();

        Assert.That(
            await proxy.EndReason(), Is.EqualTo(side == ConnectionSide.Client ? EndReason.UpstreamReset : EndReason.ClientReset));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task A_reset_of_a_sender_that_waits_comes_behind_its_bytes()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, With(Limited(BandwidthScope.Connection)));
        using Ends ends = await Ends.Of(proxy, upstream, side);
        byte[] bytes = RandomBytes.Of(2 * Burst);
        await ends.Side.Send(bytes);
        await Relayed(proxy, Burst);

        ends.Side.Reset();
        await RunToTheEnd(proxy, connections: 1);

        Assert.That(await ends.Other.ReceiveToReset(), Is.EqualTo(bytes));
        Assert.That(
            await proxy.EndReason(), Is.EqualTo(side == ConnectionSide.Client ? EndReason.ClientReset : EndReason.UpstreamReset));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task A_reload_changes_the_rate_of_open_connections_and_brings_no_new_burst()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, With(Limited(BandwidthScope.Route)));
        using Flow flow = new(await Ends.Of(proxy, upstream, side));
        await Run(proxy, seconds: 1, flow);
        await Arrived(flow, Burst + BytesPerSecond);

        TcpProxyOptions options = proxy.Proxy.GetOptions();
        (options.Routes[0].Bandwidth!.ToClient, options.Routes[0].Bandwidth!.ToUpstream) =
            (options.Routes[0].Bandwidth!.ToClient * 4, options.Routes[0].Bandwidth!.ToUpstream * 4);
        await proxy.Proxy.ApplyAsync(options);
        await Run(proxy, seconds: 1, flow);

        await Arrived(flow, Burst + BytesPerSecond + (4 * BytesPerSecond));
    }

    [Test]
    public async Task A_connection_that_waits_makes_the_loop_turn_for_its_turns_only_and_allocates_nothing()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, With(Limited(BandwidthScope.Connection)));
        proxy.Log.Minimum = LogLevel.Information;
        using Flow flow = new(await Ends.Of(proxy, upstream, side));
        await flow.Receives(BytesPerSecond / 4);
        SelectLoop loop = proxy.Proxy.Shards[0].Loop;
        long relayed = flow.Received;
        long selects = loop.Statistics.Selects;

        await proxy.AllocatesNothingWhile(() => flow.Receives(flow.Received + BytesPerSecond));
        selects = loop.Statistics.Selects - selects;

        // A turn is a timer and an event: two Selects.
        long turns = (flow.Received - relayed) / (BytesPerSecond / 100);
        Assert.That(selects, Is.LessThan(2.5 * turns), $"{turns} turns");
    }

    private static Action<RouteOptions> With(BandwidthOptions bandwidth) => route => route.Bandwidth = bandwidth;

    /// <summary>Lets time pass in small steps, each of which the loops see before the next.</summary>
    private static async Task Run(RunningProxy proxy, double seconds, params IReadOnlyList<Flow> flows)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < TimeSpan.FromSeconds(seconds); passed += _step)
        {
            await Task.WhenAll(flows.Select(static flow => flow.IsAhead()));
            proxy.Clock!.Advance(_step);
            await Settle(proxy);
        }
    }

    /// <summary>A turn for the timers, one for what they made ready, and one to spare.</summary>
    private static async Task Settle(RunningProxy proxy)
    {
        for (int turn = 0; turn < 3; turn++)
        {
            await proxy.OnEachLoop(static _ => true);
        }
    }

    /// <summary>The same until so many connections have ended.</summary>
    private static async Task RunToTheEnd(RunningProxy proxy, int connections)
    {
        using var timeout = new CancellationTokenSource(Bound.Wait);
        while (proxy.Proxy.GetStatistics().Ended.Values.Sum() < connections)
        {
            Assert.That(timeout.IsCancellationRequested, Is.False, "connections that do not end");
            await Run(proxy, seconds: 0.01);
        }
    }

    private static async Task Arrived(Flow flow, long bytes, double percent = 3)
    {
        await flow.Receives((long)(bytes * (1 - (percent / 100))));
        Assert.That(flow.Received, Is.EqualTo((double)bytes).Within(percent).Percent);
    }

    private static async Task ArrivedTogether(IReadOnlyList<Flow> flows, long bytes)
    {
        await Bound.Within($"{bytes} bytes", async token =>
        {
            while (flows.Sum(static flow => flow.Received) < bytes * 97 / 100)
            {
                await Task.Delay(1, token);
            }

            return true;
        });
        Assert.That(flows.Sum(static flow => (double)flow.Received), Is.EqualTo((double)bytes).Within(3).Percent);
    }

    /// <summary>How many clients have a bucket.</summary>
    private Task<int> Clients(RunningProxy proxy) => proxy.OnLoop(shard =>
    {
        RouteBandwidth bandwidth = shard.RouteSet.Routes.Values.Single().Bandwidth!;
        return (side == ConnectionSide.Client ? bandwidth.ToUpstream : bandwidth.ToClient)!.Clients.Count;
    });

    private Task Relayed(RunningProxy proxy, long bytes) => proxy.HasRelayed(side, bytes);

    private async Task<Ends> EndsFrom(string address, RunningProxy proxy, TestUpstream upstream)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        await Bound.Within("connect", socket.ConnectAsync(proxy.Endpoint));
        var client = new Peer(socket);
        Peer server = await upstream.Accept();
        await proxy.RelaysToAll();
        return side == ConnectionSide.Client ? new Ends(client, server) : new Ends(server, client);
    }

    private BandwidthOptions Limited(BandwidthScope scope) => side == ConnectionSide.Client
        ? new BandwidthOptions { ToUpstream = BytesPerSecond, Burst = Burst, Per = scope }
        : new BandwidthOptions { ToClient = BytesPerSecond, Burst = Burst, Per = scope };
}
