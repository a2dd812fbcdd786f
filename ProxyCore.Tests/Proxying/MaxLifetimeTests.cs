using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>Connections that stay open for too long, on a clock that the tests move.</summary>
[TestFixtureSource(typeof(EitherSide))]
internal sealed class MaxLifetimeTests(Parking parking, ConnectionSide side) : ParkingFixture(parking)
{
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(10);

    // No connection ends before 90% of the longest life.
    private static readonly TimeSpan _surelyAlive = TimeSpan.FromMinutes(9) - TimeSpan.FromMilliseconds(1);

    [Test]
    public async Task Connection_that_still_carries_bytes_is_reset_on_both_sides()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Start(upstream, LifetimeAction.Reset);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        await proxy.Log.Saw("Relaying");

        proxy.Clock!.Advance(_surelyAlive);
        await Exchange(ends);
        LivesUntil(proxy, _longest - _surelyAlive);

        await ends.Side.ReceivesReset();
        await ends.Other.ReceivesReset();
        await EndedByItsAge(proxy);
    }

    [Test]
    public async Task Connection_whose_timer_was_due_for_other_causes_ends_at_its_time()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Start(
            upstream, LifetimeAction.Reset, static route => route.IdleTimeout = TimeSpan.FromMinutes(4));
        using Ends ends = await Ends.Of(proxy, upstream, side);
        await proxy.Log.Saw("Relaying");

        for (int minute = 3; minute < 9; minute += 3)
        {
            proxy.Clock!.Advance(TimeSpan.FromMinutes(3));
            await Turns(proxy);
            await Exchange(ends);
        }

        proxy.Clock!.Advance(TimeSpan.FromMinutes(3) - TimeSpan.FromMilliseconds(1));
        await Turns(proxy);
        await Exchange(ends);
        proxy.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.MaxLifetime));
    }

    [Test]
    public async Task With_Fin_both_sides_get_a_FIN()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Start(upstream, LifetimeAction.Fin);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        await Exchange(ends);

        proxy.Clock!.Advance(_longest);

        await ends.Side.ReceivesEof();
        await ends.Other.ReceivesEof();
        await EndedByItsAge(proxy);
    }

    [Test]
    public async Task With_Fin_a_slow_receiver_gets_what_the_proxy_holds_before_the_FIN()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Start(upstream, LifetimeAction.Fin);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        await SendUntilItStalls(proxy, ends.Side);

        proxy.Clock!.Advance(_longest);
        await Turns(proxy);
        Assert.That(proxy.Proxy.GetStatistics().Active, Is.EqualTo(1));
        byte[] received = await ends.Other.ReceiveToEnd();

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.MaxLifetime));
        TcpProxyStatistics statistics = proxy.Proxy.GetStatistics();
        Assert.That(received, Has.Length.EqualTo(side == ConnectionSide.Client ? statistics.BytesToUpstreams : statistics.BytesToClients));
    }

    [Test]
    public async Task With_Fin_a_receiver_that_takes_nothing_is_cut_after_the_half_close_timeout()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Start(upstream, LifetimeAction.Fin);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        await SendUntilItStalls(proxy, ends.Side);

        proxy.Clock!.Advance(_longest);
        await Turns(proxy);
        proxy.Clock.Advance(TimeSpan.FromSeconds(59));
        await Turns(proxy);
        LivesUntil(proxy, TimeSpan.FromSeconds(1));

        await EndedByItsAge(proxy);
    }

    [Test]
    public async Task With_Fin_a_half_closed_connection_ends_too()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Start(
            upstream, LifetimeAction.Fin, static route => route.HalfCloseTimeout = TimeSpan.FromHours(1));
        using Ends ends = await Ends.Of(proxy, upstream, side);
        ends.Side.Fin();
        await ends.Other.ReceivesEof();

        proxy.Clock!.Advance(_longest);

        await ends.Side.ReceivesEof();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.MaxLifetime));
    }

    private static Task<RunningProxy> Start(TestUpstream upstream, LifetimeAction action, Action<RouteOptions>? configure = null) =>
        RunningProxy.OnFakeClock(upstream.Endpoint, route =>
        {
            (route.MaxLifetime, route.OnMaxLifetime) = (_longest, action);
            configure?.Invoke(route);
        });

    /// <summary>The connection is open, and stays so until this time is over.</summary>
    private static void LivesUntil(RunningProxy proxy, TimeSpan left)
    {
        Assert.That(proxy.Proxy.GetStatistics().Active, Is.EqualTo(1));
        proxy.Clock!.Advance(left);
    }

    private static async Task EndedByItsAge(RunningProxy proxy)
    {
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.MaxLifetime));
        await proxy.HoldsNothing();
    }

    private static async Task Exchange(Ends ends)
    {
        await ends.Side.Send("x");
        await ends.Other.Receive(1);
        await ends.Other.Send("x");
        await ends.Side.Receive(1);
    }

    private static async Task SendUntilItStalls(RunningProxy proxy, Peer peer)
    {
        byte[] bytes = new byte[16 * 1024];
        while (await proxy.OnLoop(static shard => shard.Buffers.Pool.Rented == 0))
        {
            await peer.Send(bytes);
        }
    }

    // Timers are looked at after what was posted: what is due now has happened when the loop comes round once more.
    private static async Task Turns(RunningProxy proxy)
    {
        await proxy.OnLoop(static _ => true);
        await proxy.OnLoop(static _ => true);
    }
}
