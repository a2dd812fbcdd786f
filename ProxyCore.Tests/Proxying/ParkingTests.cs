using Microsoft.Extensions.Logging;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>Connections move between Select's lists and the idle set, and nobody notices.</summary>
[LinuxCalls("Only Linux parks sockets.")]
[TestFixture(Parking.Default)]
[TestFixture(Parking.Eager)]
public class ParkingTests(Parking parking) : ParkingFixture(parking)
{
    // More than are left to Select alone.
    private const int Several = 40;
    private const int Many = 1000;

    [Test]
    public async Task Quiet_connections_are_parked_and_leave_Selects_lists()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using Crowd crowd = await Crowd.OfEchoes(proxy.Endpoint, Several);

        await proxy.Parks(2 * Several);
        await crowd.Echoes("still there");
    }

    [Test]
    public async Task A_thousand_parked_connections_all_wake_at_once()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        proxy.Log.Minimum = LogLevel.Information;
        using Crowd crowd = await Crowd.OfEchoes(proxy.Endpoint, Many);
        await proxy.Parks(2 * Many);

        await crowd.Echoes("good morning");

        crowd.Dispose();
        await proxy.HasEnded(Many);
        await proxy.HoldsNothing();
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Bytes_and_the_end_that_come_at_the_moment_of_parking_are_relayed(bool reset)
    {
        const int Rounds = 300;
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        proxy.Log.Minimum = LogLevel.Information;
        using Crowd crowd = await Crowd.Of(proxy, upstream, Several);
        var random = new Random(7);
        for (int round = 0; round < Rounds; round++)
        {
            using Ends ends = await Ends.Of(proxy, upstream, ConnectionSide.Client);
            await ends.Side.Send("before");
            await ends.Other.ReceiveText(6);

            // A few turns of the loop more or less: the others' traffic is what makes them.
            await crowd.Stir(random.Next(8));
            await ends.Side.Send("after");
            Assert.That(await ends.Other.ReceiveText(5), Is.EqualTo("after"));
            await crowd.Stir(random.Next(8));
            if (reset)
            {
                ends.Side.Reset();
                await ends.Other.ReceivesReset();
            }
            else
            {
                ends.Side.Fin();
                await ends.Other.ReceivesEof();
            }
        }
    }

    [Test]
    public async Task Connections_that_end_while_parked_leave_nothing_behind()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        Crowd crowd = await Crowd.OfEchoes(proxy.Endpoint, Several);
        await proxy.Parks(2 * Several);

        crowd.EndInEveryWay();

        await proxy.HasEnded(Several);
        await proxy.HoldsNothing();
        await upstream.HasNoConnections();
    }

    [Test]
    public async Task Parked_connections_keep_their_idle_timeout()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(
            upstream.Endpoint, static route => route.IdleTimeout = TimeSpan.FromMinutes(10));
        using Crowd crowd = await Crowd.OfEchoes(proxy.Endpoint, Several);
        await proxy.Parks(2 * Several);

        proxy.Clock!.Advance(TimeSpan.FromMinutes(10));

        await crowd.ReceiveResets();
        TcpProxyStatistics statistics = await proxy.HasEnded(Several);
        Assert.That(statistics.Ended[EndReason.IdleTimeout], Is.EqualTo(Several));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task A_drain_waits_for_parked_connections_and_cuts_them_in_the_end()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(
            upstream.Endpoint, options: static options => options.DrainTimeout = TimeSpan.FromMilliseconds(300));
        using Crowd crowd = await Crowd.OfEchoes(proxy.Endpoint, Several);
        await proxy.Parks(2 * Several);

        Task stopped = proxy.Proxy.StopAsync();
        await crowd.Echoes("while it drains");
        await crowd.ReceiveResets();

        await stopped;
        Assert.That(proxy.Proxy.GetStatistics().Ended[EndReason.DrainTimeout], Is.EqualTo(Several));
    }

    [Test]
    public async Task A_stalled_reader_is_parked_too_and_gets_everything_in_the_end()
    {
        const int Bytes = 8 * 1024 * 1024;
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using Crowd crowd = await Crowd.Of(proxy, upstream, Several);
        using Ends ends = await Ends.Of(proxy, upstream, ConnectionSide.Client);
        byte[] sent = RandomBytes.Of(Bytes);
        Task sending = ends.Other.Send(sent);
        await proxy.Stalls();
        await proxy.Parks((2 * Several) + 1);

        byte[] received = await ends.Side.Receive(Bytes);

        await sending;
        Assert.That(received.AsSpan().SequenceEqual(sent), Is.True);
    }
}
