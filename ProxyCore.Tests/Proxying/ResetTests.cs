using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>A reset is handed on as a reset, after the bytes that came before it.</summary>
[TestFixtureSource(typeof(EitherSide))]
internal sealed class ResetTests(Parking parking, ConnectionSide side) : ParkingFixture(parking)
{
    private EndReason Reason => side == ConnectionSide.Client ? EndReason.ClientReset : EndReason.UpstreamReset;

    [Test]
    public async Task Reset_of_one_side_resets_the_other()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, side);

        ends.Side.Reset();

        await ends.Other.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(Reason));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Bytes_that_arrived_before_the_reset_are_handed_on_even_to_a_slow_reader()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        byte[] message = RandomBytes.Of(400_000);

        await ends.Side.Send(message);
        await proxy.HasRelayed(side, message.Length);
        ends.Side.Reset();
        await proxy.Log.Saw("SideFailed");
        Assert.That(proxy.Log.CountOf("Ended"), Is.Zero, "the reset waits for the bytes that are under way");

        byte[] received = await ends.Other.ReceiveToReset();
        Assert.That(received.AsSpan().SequenceEqual(message), $"received {received.Length} of {message.Length} bytes");
        Assert.That(await proxy.EndReason(), Is.EqualTo(Reason));
    }

    [Test]
    public async Task Reply_before_a_reset_arrives_though_the_reset_is_met_by_writing()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, side);

        // A server that answers early and closes with the rest of the request unread: its close is a reset, and the
        // proxy is likely to meet it while it writes.
        Task flood = Flood(ends.Other);
        await ends.Side.Receive(100_000);
        await ends.Side.Send("413 too large");
        ends.Side.Socket.Dispose();

        // The flood or the receiving meets the reset, whichever comes first; a socket tells it once.
        byte[] received = await ends.Other.ReceiveWhatComes();
        await flood;

        Assert.That(System.Text.Encoding.UTF8.GetString(received), Is.EqualTo("413 too large"));
        Assert.That(await proxy.EndReason(), Is.EqualTo(Reason));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Reset_of_a_half_closed_side_resets_the_other()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        ends.Side.Fin();
        await ends.Other.ReceivesEof();

        ends.Side.Reset();
        await SendUntilRefused(ends.Other);

        Assert.That(await proxy.EndReason(), Is.EqualTo(Reason));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Reset_of_a_half_closed_side_is_no_orderly_end_though_the_other_finishes_too()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        ends.Side.Fin();
        await ends.Other.ReceivesEof();

        ends.Side.Reset();
        ends.Other.Fin();

        Assert.That(await proxy.EndReason(), Is.EqualTo(Reason));
    }

    [Test]
    public async Task Reset_behind_bytes_that_nobody_reads_ends_with_the_half_close_timeout()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        await ends.Side.Send(RandomBytes.Of(400_000));
        await proxy.HasRelayed(side, 400_000);

        ends.Side.Reset();
        await proxy.Log.Saw("SideFailed");
        Assert.That(proxy.Log.CountOf("Ended"), Is.Zero);
        proxy.Clock!.Advance(TimeSpan.FromMinutes(1));

        Assert.That(await proxy.EndReason(), Is.EqualTo(Reason));
        await proxy.HoldsNothing();
    }

    [TestCase(true)]
    [TestCase(false)]
    [LinuxCalls("Only Linux tells of a reset behind bytes that are not read.")]
    public async Task Reset_of_a_side_that_is_not_read_ends_with_the_half_close_timeout(bool whileWatched)
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        byte[] sent = await SendUntilItStalls(proxy, ends.Side);
        await ResetAndBeSeen(proxy, ends.Side, whileWatched);

        proxy.Clock!.Advance(TimeSpan.FromMinutes(1));

        Assert.That(await proxy.EndReason(), Is.EqualTo(Reason));
        Assert.That(sent, Is.Not.Empty);
        await proxy.HoldsNothing();
    }

    [TestCase(true)]
    [TestCase(false)]
    [LinuxCalls("Only Linux tells of a reset behind bytes that are not read.")]
    public async Task Reset_of_a_side_that_is_not_read_follows_all_its_bytes_when_the_other_takes_them_in_time(bool whileWatched)
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, side);
        byte[] sent = await SendUntilItStalls(proxy, ends.Side);
        await ResetAndBeSeen(proxy, ends.Side, whileWatched);

        Task<byte[]> receive = ends.Other.ReceiveToReset();
        while (!receive.IsCompleted)
        {
            // The clock moves a little: the reset waits for bytes that are under way, and asks now and then.
            proxy.Clock!.Advance(TimeSpan.FromMilliseconds(10));
            await Task.WhenAny(receive, Task.Delay(1));
        }

        Assert.That((await receive).AsSpan().SequenceEqual(sent), "the bytes differ");
        Assert.That(await proxy.EndReason(), Is.EqualTo(Reason));
    }

    private static async Task<byte[]> SendUntilItStalls(RunningProxy proxy, Peer peer)
    {
        var sent = new MemoryStream();
        while (await proxy.OnLoop(static shard => shard.Buffers.Pool.Rented == 0))
        {
            byte[] bytes = RandomBytes.Of(16 * 1024);
            await peer.Send(bytes);
            sent.Write(bytes);
        }

        return sent.ToArray();
    }

    /// <summary>The reset comes before the stall is looked at, or after that, as an event of its own.</summary>
    private static async Task ResetAndBeSeen(RunningProxy proxy, Peer peer, bool whileWatched)
    {
        if (!whileWatched)
        {
            peer.Reset();
        }

        proxy.Clock!.Advance(TimeSpan.FromSeconds(1));
        await proxy.OnLoop(static shard => shard.Loop.Turns);
        await proxy.OnLoop(static shard => shard.Loop.Turns);
        if (whileWatched)
        {
            peer.Reset();
        }
    }

    private static async Task Flood(Peer peer)
    {
        var bytes = new byte[64 * 1024];
        try
        {
            while (true)
            {
                await peer.Socket.SendAsync(bytes);
            }
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The reset, as the test wants it.
        }
    }

    private static Task SendUntilRefused(Peer peer) => Bound.Within("a send that is refused", Flood(peer));
}
