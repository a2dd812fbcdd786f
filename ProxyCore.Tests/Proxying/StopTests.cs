using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>Stopping lets connections finish, within a bound, and holds nothing afterwards.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class StopTests(Parking parking) : ParkingFixture(parking)
{
    [Test]
    public async Task Stop_frees_the_port_at_once_and_lets_connections_finish()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, ConnectionSide.Client);

        Task stop = proxy.Proxy.StopAsync();
        await proxy.Log.Saw("Draining");
        await using (var successor = new TestUpstream(proxy.Endpoint))
        {
            await ends.Side.Send("last words");
            Assert.That(await ends.Other.ReceiveText(10), Is.EqualTo("last words"));
            Assert.That(stop.IsCompleted, Is.False);
        }

        ends.Side.Fin();
        await ends.Other.ReceivesEof();
        ends.Other.Fin();
        await Bound.Within("the stop", stop);
        Assert.That(proxy.Proxy.Completion.IsCompletedSuccessfully);
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientFin));
    }

    [Test]
    public async Task Stop_while_connecting_waits_for_the_connection()
    {
        await using var upstream = new EchoUpstream();
        var answer = new TaskCompletionSource<IPAddress[]>();
        await using RunningProxy proxy = await RunningProxy.ToName(
            ((IPEndPoint)upstream.Endpoint).Port, (_, _) => answer.Task);
        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("Resolving");

        Task stop = proxy.Proxy.StopAsync();
        await proxy.Log.Saw("Draining");
        answer.SetResult([IPAddress.Loopback]);
        await client.Send("hello");
        client.Fin();

        Assert.That(System.Text.Encoding.UTF8.GetString(await client.ReceiveToEnd()), Is.EqualTo("hello"));
        await Bound.Within("the stop", stop);
    }

    [Test]
    public async Task Stop_that_is_cancelled_cuts_a_connection_that_connects()
    {
        using var hole = new BlackHole();
        await using RunningProxy proxy = await RunningProxy.To(hole.Endpoint);
        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("Connecting");

        await StopsWhenCancelled(proxy);

        await client.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.Shutdown));
    }

    [Test]
    public async Task Stop_that_is_cancelled_cuts_a_connection_that_relays()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, ConnectionSide.Client);

        await StopsWhenCancelled(proxy);

        await ends.Side.ReceivesReset();
        await ends.Other.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.Shutdown));
    }

    [Test]
    public async Task Dispose_cuts_a_drain_that_is_under_way()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using Ends ends = await Ends.Of(proxy, upstream, ConnectionSide.Client);
        Task stop = proxy.Proxy.StopAsync();
        await proxy.Log.Saw("Draining");

        await Bound.Within("the disposal", proxy.Proxy.DisposeAsync().AsTask());
        await Bound.Within("the stop", stop);

        await ends.Side.ReceivesReset();
    }

    [Test]
    public async Task Drain_timeout_of_zero_cuts_at_once()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(
            upstream.Endpoint, options: static options => options.DrainTimeout = TimeSpan.Zero);
        using Ends ends = await Ends.Of(proxy, upstream, ConnectionSide.Client);

        await Bound.Within("the stop", proxy.Proxy.StopAsync());

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.DrainTimeout));
    }

    [Test]
    public async Task Stop_before_the_start_ends_it()
    {
        var proxy = new TcpProxy(new TcpProxyOptions
        {
            Routes = { new RouteOptions { Listen = { "127.0.0.1:0" }, Upstreams = { new() { Address = "9" } } } },
        });

        await proxy.StopAsync();

        Assert.That(proxy.Completion.IsCompletedSuccessfully);
        Assert.ThrowsAsync<InvalidOperationException>(() => proxy.StartAsync());
    }

    [Test]
    public async Task Stops_and_disposals_at_once_all_see_the_end()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);

        Task[] ends =
        [
            .. Enumerable.Range(0, 8).Select(i => Task.Run(
                () => i % 2 == 0 ? proxy.Proxy.StopAsync() : proxy.Proxy.DisposeAsync().AsTask())),
        ];

        await Bound.Within("the ends", Task.WhenAll(ends));
        await proxy.Proxy.StopAsync();
        Assert.That(proxy.Log.CountOf("Stopped"), Is.EqualTo(1));
    }

    [Test]
    public async Task Start_and_stop_again_and_again_leaves_nothing()
    {
        await using var upstream = new EchoUpstream();
        await StartRelayStop(upstream);
        int before = Descriptors.Count();

        for (int i = 0; i < 20; i++)
        {
            await StartRelayStop(upstream);
        }

        await upstream.HasNoConnections();
        Assert.That(Descriptors.Count(), Is.EqualTo(before));
    }

    private static async Task StartRelayStop(TestUpstream upstream)
    {
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using (Peer client = await proxy.Connect())
        {
            await client.Send("hello");
            await client.Receive(5);
            client.Fin();
            await client.ReceivesEof();
        }

        await Bound.Within("the stop", proxy.Proxy.StopAsync());
        await upstream.HasNoConnections();
    }

    private static async Task StopsWhenCancelled(RunningProxy proxy)
    {
        using var cancellation = new CancellationTokenSource();
        Task stop = proxy.Proxy.StopAsync(cancellation.Token);
        await proxy.Log.Saw("Draining");
        await cancellation.CancelAsync();
        await Bound.Within("the stop", stop);
    }
}
