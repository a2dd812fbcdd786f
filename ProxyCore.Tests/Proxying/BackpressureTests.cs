using Microsoft.Extensions.Logging;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>A side that does not read costs a bounded amount of memory, no time, and nobody else anything.</summary>
[TestFixtureSource(typeof(EitherSide))]
internal sealed class BackpressureTests(Parking parking, ConnectionSide side) : ParkingFixture(parking)
{
    private const int Much = 64 * 1024 * 1024;
    private const int BufferSize = 64 * 1024;

    [Test]
    public async Task Stalled_reader_holds_one_buffer_lets_others_through_and_gets_everything_in_the_end()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(
            upstream.Endpoint, options: static options => options.BufferSize = BufferSize);
        proxy.Log.Minimum = LogLevel.Trace;
        using Ends stalled = await Ends.Of(proxy, upstream, side);
        byte[] message = RandomBytes.Of(Much);
        Task send = stalled.Side.Send(message);
        LogEntry paused = await proxy.Log.Saw("Paused");
        Assert.That(PendingIn(paused), Is.InRange(1, BufferSize));

        await OthersAreServed(proxy, upstream);
        Assert.That(send.IsCompleted, Is.False, "64 MB can't have gone anywhere while nobody reads");

        byte[] received = await stalled.Other.Receive(Much);
        await send;
        Assert.That(received.AsSpan().SequenceEqual(message), "the bytes differ");
    }

    [Test]
    public async Task Loop_sleeps_while_a_reader_is_stalled()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using Ends stalled = await Ends.Of(proxy, upstream, side);
        proxy.Log.Minimum = LogLevel.Trace;
        Task send = stalled.Side.Send(RandomBytes.Of(Much));
        await proxy.Log.Saw("Paused");
        proxy.Log.Minimum = LogLevel.Debug;

        // Every echo costs the loop two turns and every look one: a spin would add thousands.
        const int Echoes = 200;
        using Peer other = await proxy.Connect();
        using Peer server = await upstream.Accept();
        long before = await proxy.OnLoop(static shard => shard.Loop.Turns);
        for (int echo = 0; echo < Echoes; echo++)
        {
            await other.Send("ping");
            await server.Receive(4);
        }

        long after = await proxy.OnLoop(static shard => shard.Loop.Turns);
        Assert.That(after - before, Is.LessThanOrEqualTo((2 * Echoes) + 10));
        stalled.Other.Reset();
        Assert.That(async () => await send, Throws.InstanceOf<System.Net.Sockets.SocketException>());
    }

    [Test]
    public async Task With_the_memory_for_slow_readers_used_up_connections_hold_less_and_lose_nothing()
    {
        const int Limit = BufferSize;
        const int Connections = 12;
        const int Each = 8 * 1024 * 1024;
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(
            upstream.Endpoint, options: static options => (options.BufferSize, options.MaxPendingBytes) = (BufferSize, Limit));
        proxy.Log.Minimum = LogLevel.Trace;
        byte[] message = RandomBytes.Of(Each);
        var stalled = new List<(Ends Ends, Task Send)>();
        for (int i = 0; i < Connections; i++)
        {
            Ends ends = await Ends.Of(proxy, upstream, side);
            stalled.Add((ends, ends.Side.Send(message)));
            await proxy.Log.Saw("Paused", i + 1);
        }

        long held = await proxy.OnLoop(static shard => shard.Buffers.Pool.Rented);
        Assert.That(held, Is.InRange(1, (2 * Limit) + (Connections * 2 * ProxyCore.Relay.PendingBudget.LeastForOne)));
        await OthersAreServed(proxy, upstream);

        foreach ((Ends ends, Task send) in stalled)
        {
            Assert.That((await ends.Other.Receive(Each)).AsSpan().SequenceEqual(message), "the bytes differ");
            await send;
            ends.Dispose();
        }

        Assert.That(await proxy.OnLoop(static shard => shard.Buffers.Pool.Rented), Is.Zero);
    }

    private static async Task OthersAreServed(RunningProxy proxy, TestUpstream upstream)
    {
        for (int i = 0; i < 20; i++)
        {
            using Peer client = await proxy.Connect();
            using Peer server = await upstream.Accept();
            await client.Send("hello");
            Assert.That(await server.ReceiveText(5), Is.EqualTo("hello"));
            await server.Send("world");
            Assert.That(await client.ReceiveText(5), Is.EqualTo("world"));
        }
    }

    private static int PendingIn(LogEntry paused) =>
        int.Parse(paused.Text.Split(", ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
}
