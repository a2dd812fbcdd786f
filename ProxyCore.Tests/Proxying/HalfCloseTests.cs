using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>A FIN ends one direction, and only that.</summary>
[TestFixtureSource(typeof(EitherSide))]
internal sealed class HalfCloseTests(Parking parking, ConnectionSide side) : ParkingFixture(parking)
{
    private const int Much = 50 * 1024 * 1024;

    [Test]
    public async Task Fin_reaches_the_other_side_after_all_bytes_before_it()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        byte[] message = RandomBytes.Of(3_000_000);

        Task send = ends.Side.Send(message);
        Task<byte[]> received = ends.Other.ReceiveToEnd();
        await send;
        ends.Side.Fin();

        Assert.That((await received).AsSpan().SequenceEqual(message), "the bytes differ");
    }

    [Test]
    public async Task After_its_fin_a_side_still_receives_50_megabytes()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        byte[] message = RandomBytes.Of(Much);

        ends.Side.Fin();
        await ends.Other.ReceivesEof();
        Task<byte[]> received = ends.Side.ReceiveToEnd();
        await ends.Other.Send(message);
        ends.Other.Fin();

        Assert.That((await received).AsSpan().SequenceEqual(message), "the bytes differ");
        Assert.That(
            await proxy.EndReason(),
            Is.EqualTo(side == ConnectionSide.Client ? EndReason.ClientFin : EndReason.UpstreamFin));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Fin_waits_for_a_side_that_reads_late()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        proxy.Log.Minimum = Microsoft.Extensions.Logging.LogLevel.Trace;
        using Ends ends = await Ends.Of(proxy, upstream, side);
        byte[] message = RandomBytes.Of(Much);

        Task send = ends.Side.Send(message).ContinueWith(_ => ends.Side.Fin(), TaskScheduler.Default);
        await proxy.Log.Saw("Paused");
        byte[] received = await ends.Other.ReceiveToEnd();
        await send;

        Assert.That(received.AsSpan().SequenceEqual(message), "the bytes differ");
    }

    [Test]
    public async Task A_half_closed_connection_is_quiet_for_the_loop()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, side);

        ends.Side.Fin();
        await ends.Other.ReceivesEof();

        // Each look costs the loop one turn: whatever comes on top of the looks is a spin.
        const int Looks = 50;
        long before = await proxy.OnLoop(static shard => shard.Loop.Turns);
        for (int look = 1; look < Looks; look++)
        {
            await proxy.OnLoop(static shard => shard.Loop.Turns);
        }

        long after = await proxy.OnLoop(static shard => shard.Loop.Turns);
        Assert.That(after - before, Is.LessThanOrEqualTo(2 * Looks));
    }
}
