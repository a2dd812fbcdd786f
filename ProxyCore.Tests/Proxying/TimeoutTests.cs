using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>The bounds of a connection's waits, on a clock that the tests move.</summary>
[TestFixtureSource(typeof(EitherSide))]
internal sealed class TimeoutTests(Parking parking, ConnectionSide side) : ParkingFixture(parking)
{
    [Test]
    public async Task Connection_without_a_byte_for_the_idle_timeout_is_cut()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        await proxy.Log.Saw("Relaying");

        proxy.Clock!.Advance(TimeSpan.FromHours(1));

        await ends.Side.ReceivesReset();
        await ends.Other.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.IdleTimeout));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task A_byte_of_either_side_starts_the_idle_timeout_anew()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        await proxy.Log.Saw("Relaying");

        proxy.Clock!.Advance(TimeSpan.FromMinutes(59));
        await ends.Side.Send("x");
        await ends.Other.Receive(1);
        proxy.Clock.Advance(TimeSpan.FromMinutes(59));
        await proxy.OnLoop(static shard => shard.Loop.Turns);
        Assert.That(proxy.Proxy.GetStatistics().Active, Is.EqualTo(1));

        proxy.Clock.Advance(TimeSpan.FromMinutes(1));
        await ends.Side.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.IdleTimeout));
    }

    [Test]
    public async Task Half_closed_connection_without_a_byte_for_the_half_close_timeout_is_cut()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        ends.Side.Fin();
        await ends.Other.ReceivesEof();
        await proxy.OnLoop(static shard => shard.Loop.Turns);

        proxy.Clock!.Advance(TimeSpan.FromSeconds(59));
        await proxy.OnLoop(static shard => shard.Loop.Turns);
        Assert.That(proxy.Proxy.GetStatistics().Active, Is.EqualTo(1));
        proxy.Clock.Advance(TimeSpan.FromSeconds(1));

        await ends.Side.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.HalfCloseTimeout));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Half_closed_connection_that_still_carries_bytes_lives_on()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        ends.Side.Fin();
        await ends.Other.ReceivesEof();

        for (int i = 0; i < 5; i++)
        {
            await ends.Other.Send("x");
            await ends.Side.Receive(1);
            proxy.Clock!.Advance(TimeSpan.FromSeconds(50));
        }

        ends.Other.Fin();
        await ends.Side.ReceivesEof();
        Assert.That(
            await proxy.EndReason(),
            Is.EqualTo(side == ConnectionSide.Client ? EndReason.ClientFin : EndReason.UpstreamFin));
    }

    [Test]
    public async Task Idle_timeout_that_is_shorter_than_the_half_close_timeout_still_holds()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(
            upstream.Endpoint, static route => route.IdleTimeout = TimeSpan.FromSeconds(10));
        using Ends ends = await Ends.Of(proxy, upstream, side);
        ends.Side.Fin();
        await ends.Other.ReceivesEof();
        await proxy.OnLoop(static shard => shard.Loop.Turns);

        proxy.Clock!.Advance(TimeSpan.FromSeconds(10));

        await ends.Side.ReceivesReset();
        await proxy.Ended();
    }

    [Test]
    [LinuxCalls("Only Linux tells of an end behind bytes that are not read.")]
    public async Task Half_close_timeout_bounds_a_side_that_takes_nothing_though_the_FIN_stands_behind_pending_bytes()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        await SendUntilItStalls(proxy, ends.Side);
        ends.Side.Fin();

        await Advance(proxy, TimeSpan.FromSeconds(1));
        await Advance(proxy, TimeSpan.FromSeconds(58));
        Assert.That(proxy.Proxy.GetStatistics().Active, Is.EqualTo(1));
        proxy.Clock!.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.HalfCloseTimeout));
        await proxy.HoldsNothing();
    }

    [Test]
    [LinuxCalls("Only Linux tells of an end behind bytes that are not read.")]
    public async Task A_FIN_behind_pending_bytes_that_comes_late_in_a_stall_ends_it_within_one_more_half_close_timeout()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        await SendUntilItStalls(proxy, ends.Side);
        await Advance(proxy, TimeSpan.FromSeconds(1));
        await Advance(proxy, TimeSpan.FromSeconds(60));
        Assert.That(proxy.Proxy.GetStatistics().Active, Is.EqualTo(1), "the side that sends has not finished");

        ends.Side.Fin();
        proxy.Clock!.Advance(TimeSpan.FromMinutes(1));

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.HalfCloseTimeout));
    }

    [Test]
    public async Task A_stall_without_a_FIN_is_bounded_by_the_idle_timeout()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        await SendUntilItStalls(proxy, ends.Side);

        for (int minute = 1; minute < 60; minute++)
        {
            await Advance(proxy, TimeSpan.FromMinutes(1));
        }

        Assert.That(proxy.Proxy.GetStatistics().Active, Is.EqualTo(1));
        proxy.Clock!.Advance(TimeSpan.FromMinutes(1));

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.IdleTimeout));
    }

    [Test]
    public async Task Drain_cuts_what_is_left_when_its_timeout_is_over()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        await proxy.Log.Saw("Relaying");

        Task stop = proxy.Proxy.StopAsync();
        await proxy.Log.Saw("Draining");
        proxy.Clock!.Advance(TimeSpan.FromSeconds(29));
        await ends.Side.Send("still here");
        Assert.That(await ends.Other.ReceiveText(10), Is.EqualTo("still here"));
        proxy.Clock.Advance(TimeSpan.FromSeconds(1));

        await Bound.Within("the stop", stop);
        await ends.Side.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.DrainTimeout));
    }

    /// <summary>Sends until the proxy holds what the other side does not take; there is room for a FIN behind it.</summary>
    private static async Task SendUntilItStalls(RunningProxy proxy, Peer peer)
    {
        byte[] bytes = new byte[16 * 1024];
        while (await proxy.OnLoop(static shard => shard.Buffers.Pool.Rented == 0))
        {
            await peer.Send(bytes);
        }
    }

    private static async Task Advance(RunningProxy proxy, TimeSpan time)
    {
        proxy.Clock!.Advance(time);
        await proxy.OnLoop(static shard => shard.Loop.Turns);
        await proxy.OnLoop(static shard => shard.Loop.Turns);
    }
}
