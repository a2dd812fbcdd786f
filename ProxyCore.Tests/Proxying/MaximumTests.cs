using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>At the maximum of connections further clients wait, and none is lost.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class MaximumTests(Parking parking) : ParkingFixture(parking)
{
    [Test]
    public async Task Clients_over_the_maximum_wait_until_one_ends()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(
            upstream.Endpoint, options: static options => options.MaxConnections = 2);
        using Peer first = await proxy.Connect();
        using Peer second = await proxy.Connect();
        using Peer third = await proxy.Connect();
        await third.Send("hello");
        LogEntry warning = await proxy.Log.Saw("AtMaximum");
        Assert.That(warning.Text, Does.Contain("at the maximum of 2 connections"));
        Assert.That(proxy.Proxy.GetStatistics().Accepted, Is.EqualTo(2));

        first.Dispose();

        Assert.That(await third.ReceiveText(5), Is.EqualTo("hello"));
    }

    [Test]
    public async Task A_storm_over_the_maximum_is_served_to_the_last_and_warned_of_once()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(
            upstream.Endpoint, options: static options => options.MaxConnections = 5);

        Peer[] clients = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => proxy.Connect()));
        await Task.WhenAll(clients.Select(static async client =>
        {
            await client.Echoes("hello");
            client.Dispose();
        }));

        await proxy.Ended(200);
        await proxy.HoldsNothing();
        Assert.That(proxy.Log.CountOf("AtMaximum"), Is.InRange(1, 3));
    }
}
