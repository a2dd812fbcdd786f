using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Pools;

/// <summary>A connect that fails is hidden from the client where there is another upstream to go to.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class FailoverTests(Parking parking) : ParkingFixture(parking)
{
    [Test]
    public async Task Client_of_a_refusing_upstream_gets_another_and_does_not_notice()
    {
        using var refused = new RefusedEndpoint();
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(refused.Endpoint, route => route.Add(upstream.Endpoint));

        await proxy.Serves(clients: 4);

        Assert.That(proxy.Log.CountOf("ConnectFailed"), Is.Zero);
        Assert.That(upstream.Accepted, Is.EqualTo(4));
    }

    [Test]
    public async Task Upstream_that_does_not_answer_takes_only_its_share_of_the_connect_timeout()
    {
        using var hole = new BlackHole();
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(hole.Endpoint, route => route.Add(upstream.Endpoint));

        using Peer client = await proxy.Connect();
        await client.Send("hello");
        await proxy.Log.Saw("Connecting");
        proxy.Clock!.Advance(TimeSpan.FromSeconds(2.5));

        Assert.That(await client.ReceiveText(5), Is.EqualTo("hello"));
    }

    [Test]
    public async Task Attempts_count_rounds_over_the_pool_and_not_upstreams()
    {
        using var first = new RefusedEndpoint();
        using var second = new RefusedEndpoint();
        using var third = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.To(first.Endpoint, route =>
        {
            route.Add(second.Endpoint, third.Endpoint);
            route.ConnectAttempts = 2;
        });

        using Peer client = await proxy.Connect();

        await client.ReceivesReset();
        await proxy.Ended();
        Assert.That(proxy.Log.CountOf("Connecting"), Is.EqualTo(6));
        Assert.That(proxy.Log.CountOf("AllTried"), Is.EqualTo(1));
    }

    [Test]
    public async Task All_attempts_together_keep_to_the_connect_timeout()
    {
        using var first = new BlackHole();
        using var second = new BlackHole();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(first.Endpoint, route => route.Add(second.Endpoint));

        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("Connecting");
        proxy.Clock!.Advance(TimeSpan.FromSeconds(2.5));
        await proxy.Log.Saw("Connecting", 2);
        proxy.Clock.Advance(TimeSpan.FromSeconds(2.4));
        Assert.That(proxy.Log.CountOf("Ended"), Is.Zero);
        proxy.Clock.Advance(TimeSpan.FromSeconds(0.1));

        await client.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ConnectTimeout));
    }

    [Test]
    public async Task Connection_that_was_made_is_not_tried_elsewhere()
    {
        await using var resets = new TestUpstream();
        await using var other = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(resets.Endpoint, route =>
        {
            route.Add(other.Endpoint);
            route.Balancing = BalancingNames.FirstAvailable;
        });

        using Peer client = await proxy.Connect();
        using Peer server = await resets.Accept();

        // A reset that comes before the loop has looked is a connect that failed, and may be tried elsewhere.
        await proxy.Log.Saw("Relaying");
        server.Reset();

        await client.ReceivesReset();
        await proxy.Ended();
        Assert.That(other.Accepted, Is.Zero);
    }

    [Test]
    public async Task Backup_stands_in_for_those_that_refuse()
    {
        using var refused = new RefusedEndpoint();
        await using var backup = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(
            refused.Endpoint, route => route.AddBackup(backup.Endpoint));

        using Peer client = await proxy.Connect();

        await client.Echoes("hello");
    }
}
