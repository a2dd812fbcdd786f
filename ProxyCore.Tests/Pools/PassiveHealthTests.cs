using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Pools;

/// <summary>Upstreams that connections can not be made to are left alone for a while.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class PassiveHealthTests(Parking parking) : ParkingFixture(parking)
{
    [Test]
    public async Task Upstream_that_fails_in_a_row_is_out_until_one_connection_has_tried_it()
    {
        using var refused = new RefusedEndpoint();
        EndPoint address = refused.Endpoint;
        await using var other = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(address, route =>
        {
            route.Add(other.Endpoint);
            route.Balancing = BalancingNames.FirstAvailable;
        });
        await proxy.Serves(clients: 3);
        LogEntry warning = await proxy.Log.Saw("UpstreamOut");
        Assert.That(warning.Text, Is.EqualTo(
            $"Route route1: {address} is out for 5 s: 3 connects failed in a row, the last: connection refused"));

        await proxy.Serves(clients: 5);
        Assert.That(proxy.Log.CountOf("Connecting"), Is.EqualTo(3 + 3 + 5), "it is left alone");

        refused.Dispose();
        await using var back = new EchoUpstream(address);
        proxy.Clock!.Advance(TimeSpan.FromSeconds(5));
        await proxy.Serves(clients: 1);
        Assert.That((await proxy.Log.Saw("UpstreamUp")).Text, Is.EqualTo($"Route route1: {address} is up again"));
        await proxy.Serves(clients: 3);
        Assert.That(back.Accepted, Is.EqualTo(4));
    }

    [Test]
    public async Task When_all_are_out_clients_are_closed_at_once_and_it_is_said_once()
    {
        using var first = new RefusedEndpoint();
        using var second = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(first.Endpoint, route =>
        {
            route.Add(second.Endpoint);
            route.PassiveHealth.Failures = 1;
        });
        for (int i = 0; i < 5; i++)
        {
            using Peer client = await proxy.Connect();
            await client.ReceivesReset();
        }

        TcpProxyStatistics statistics = await proxy.Ended(5);

        Assert.That(statistics.Ended[EndReason.NoUpstream], Is.EqualTo(4));
        Assert.That(proxy.Log.CountOf("Connecting"), Is.EqualTo(2));
        Assert.That(proxy.Log.TextsOf("NoUpstreamLeft"), Is.EqualTo(
            ["Route route1: no upstream is healthy; clients are closed at once until one is"]));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task When_all_are_out_the_least_bad_is_tried_if_that_is_wanted()
    {
        using var first = new RefusedEndpoint();
        using var second = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(first.Endpoint, route =>
        {
            route.Add(second.Endpoint);
            route.PassiveHealth.Failures = 1;
            route.TryWhenAllOut = true;
            route.ConnectAttempts = 2;
        });
        using (Peer early = await proxy.Connect())
        {
            await early.ReceivesReset();
        }

        EndPoint address = first.Endpoint;
        first.Dispose();
        await using var back = new EchoUpstream(address);
        using Peer client = await proxy.Connect();

        await client.Echoes("hello");
    }
}
