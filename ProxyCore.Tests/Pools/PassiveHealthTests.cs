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
    public async Task When_all_are_out_a_client_still_gets_its_rounds_and_is_served_once_one_is_back()
    {
        using var first = new RefusedEndpoint();
        using var second = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(first.Endpoint, route =>
        {
            route.Add(second.Endpoint);
            route.PassiveHealth.Failures = 1;
        });
        using Peer early = await proxy.Connect();
        await proxy.Log.Saw("UpstreamOut", 2);
        await proxy.Log.Saw("AllTried");

        await using EchoUpstream back = first.ComeBack();
        using Peer late = await proxy.Connect();
        await late.Echoes("both are still out");
        proxy.Clock!.Advance(TimeSpan.FromMilliseconds(200));

        await early.Echoes("hello");
    }

    [Test]
    public async Task When_all_are_down_by_checks_clients_are_closed_at_once_and_it_is_said_once()
    {
        using var first = new RefusedEndpoint();
        using var second = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.To(first.Endpoint, route =>
        {
            route.Add(second.Endpoint);
            route.HealthCheck = new HealthCheckOptions { Fall = 1, Interval = TimeSpan.FromMilliseconds(1) };
        });
        await proxy.Log.Saw("UpstreamDown", 2);
        for (int i = 0; i < 5; i++)
        {
            using Peer client = await proxy.Connect();
            await client.ReceivesReset();
        }

        TcpProxyStatistics statistics = await proxy.Ended(5);

        Assert.That(statistics.Ended[EndReason.NoUpstream], Is.EqualTo(5));
        Assert.That(proxy.Log.TextsOf("NoUpstreamLeft"), Is.EqualTo(
            ["Route route1: no upstream is healthy; clients are closed at once until one is"]));
    }

    [Test]
    public async Task When_all_are_down_the_least_bad_is_tried_if_that_is_wanted()
    {
        using var first = new RefusedEndpoint();
        using var second = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.To(first.Endpoint, route =>
        {
            route.Add(second.Endpoint);
            route.TryWhenAllOut = true;
            route.HealthCheck = new HealthCheckOptions { Fall = 1, Rise = int.MaxValue, Interval = TimeSpan.FromMilliseconds(1) };
        });
        await proxy.Log.Saw("UpstreamDown", 2);

        await using EchoUpstream back = first.ComeBack();
        using Peer client = await proxy.Connect();

        await client.Echoes("hello");
    }
}
