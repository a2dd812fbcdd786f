using System.Net.Sockets;
using ProxyCore.Relay;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Relay;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>Connections with stages and transports between their sockets: the loop calls them when they need it.</summary>
[TestFixtureSource(typeof(EitherSide))]
internal sealed class LayerTests(Parking parking, ConnectionSide side) : ParkingFixture(parking)
{
    private static readonly TimeSpan _delay = TimeSpan.FromSeconds(2);

    [Test]
    public async Task Bytes_that_a_stage_delays_are_sent_when_they_are_due()
    {
        var stage = new DelayStage(_delay);
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint);
        await Use(proxy, From(stage));
        using Ends ends = await Ends.Of(proxy, upstream, side);
        await ends.Side.Send("hello");
        await HasTaken(proxy, stage, 5);
        Assert.That(ends.Other.Socket.Poll(0, SelectMode.SelectRead), Is.False);

        proxy.Clock!.Advance(_delay);

        Assert.That(await ends.Other.ReceiveText(5), Is.EqualTo("hello"));
        Assert.That(proxy.Proxy.GetStatistics().Active, Is.EqualTo(1));
    }

    [Test]
    public async Task An_end_that_a_stage_delays_is_handed_on_when_it_is_due_and_nothing_is_left()
    {
        var stage = new DelayStage(_delay);
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint);
        await Use(proxy, From(stage));
        using Ends ends = await Ends.Of(proxy, upstream, side);
        await ends.Side.Send("hello");
        ends.Side.Fin();
        ends.Other.Fin();
        await ends.Side.ReceivesEof();
        await HasTaken(proxy, stage, 5);
        Assert.That(proxy.Proxy.GetStatistics().Active, Is.EqualTo(1), "its bytes are on their way");

        proxy.Clock!.Advance(_delay);

        Assert.That(await ends.Other.ReceiveToEnd(), Is.EqualTo("hello"u8.ToArray()));
        await proxy.Ended();
        await proxy.HoldsNothing();
        Assert.That(stage.IsReleased, Is.True);
    }

    [Test]
    public async Task A_stage_that_resets_ends_the_connection_for_both_sides()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        await Use(proxy, From(new LimitStage(5, StageVerdict.Reset)));
        using Ends ends = await Ends.Of(proxy, upstream, side);

        await ends.Side.Send("hello world");

        Assert.That(await ends.Other.ReceiveToReset(), Is.EqualTo("hello"u8.ToArray()));
        Assert.That(await ends.Side.ReceiveToReset(), Is.Empty);
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.Toxic));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Bytes_that_a_transport_holds_are_relayed_though_no_event_comes_for_them()
    {
        const int Count = 1000;
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        await Use(proxy, (client, server) => side == ConnectionSide.Client
            ? new RelayLayers { Client = new TestTransport(client, mostAtATime: 10) }
            : new RelayLayers { Upstream = new TestTransport(server, mostAtATime: 10) });
        using Ends ends = await Ends.Of(proxy, upstream, side);
        byte[] message = RandomBytes.Of(Count);

        await ends.Side.Send(Array.ConvertAll(message, TestTransport.Invert));

        Assert.That(await ends.Other.Receive(Count), Is.EqualTo(message));
        await ends.Other.Send(message);
        Assert.That(await ends.Side.Receive(Count), Is.EqualTo(Array.ConvertAll(message, TestTransport.Invert)));
    }

    private Func<Socket, Socket, RelayLayers?> From(Stage stage) => (_, _) =>
        side == ConnectionSide.Client ? new RelayLayers { FromClient = stage } : new RelayLayers { FromUpstream = stage };

    private static Task<bool> Use(RunningProxy proxy, Func<Socket, Socket, RelayLayers?> makeLayers) => proxy.OnLoop(shard =>
    {
        shard.MakeLayers = makeLayers;
        return true;
    });

    private static async Task HasTaken(RunningProxy proxy, DelayStage stage, int bytes)
    {
        using var timeout = new CancellationTokenSource(Bound.Wait);
        int room = new DelayStage(_delay).Room(default) - bytes;
        while (await proxy.OnLoop(_ => stage.Room(default)) != room)
        {
            Assert.That(timeout.IsCancellationRequested, Is.False, "the stage got nothing");
        }
    }
}
