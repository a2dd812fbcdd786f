using System.Net;
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
        await using RunningProxy proxy = await RunningProxy.To(refused.Endpoint, To(upstream.Endpoint));

        for (int i = 0; i < 4; i++)
        {
            using Peer client = await proxy.Connect();
            await client.Echoes("hello");
        }

        Assert.That(proxy.Log.CountOf("ConnectFailed"), Is.Zero);
        Assert.That(upstream.Accepted, Is.EqualTo(4));
    }

    [Test]
    public async Task Upstream_that_does_not_answer_takes_only_its_share_of_the_connect_timeout()
    {
        using var hole = new BlackHole();
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(hole.Endpoint, To(upstream.Endpoint));

        using Peer client = await proxy.Connect();
        await client.Send("hello");
        await proxy.Log.Saw("Connecting");
        proxy.Clock!.Advance(TimeSpan.FromSeconds(2.5));

        Assert.That(await client.ReceiveText(5), Is.EqualTo("hello"));
    }

    [Test]
    public async Task No_more_are_tried_than_attempts_are_allowed()
    {
        using var first = new RefusedEndpoint();
        using var second = new RefusedEndpoint();
        using var third = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.To(first.Endpoint, route =>
        {
            To(second.Endpoint, third.Endpoint)(route);
            route.ConnectAttempts = 2;
        });

        using Peer client = await proxy.Connect();

        await client.ReceivesReset();
        await proxy.Ended();
        Assert.That(proxy.Log.CountOf("Connecting"), Is.EqualTo(2));
    }

    [Test]
    public async Task All_attempts_together_keep_to_the_connect_timeout()
    {
        using var first = new BlackHole();
        using var second = new BlackHole();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(first.Endpoint, To(second.Endpoint));

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
            To(other.Endpoint)(route);
            route.Balancing = BalancingNames.FirstAvailable;
        });

        using Peer client = await proxy.Connect();
        using Peer server = await resets.Accept();
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
            refused.Endpoint, route => route.Upstreams.Add(new() { Address = backup.Endpoint.ToString()!, Backup = true }));

        using Peer client = await proxy.Connect();

        await client.Echoes("hello");
    }

    [Test]
    public async Task Upstream_that_fails_in_a_row_is_out_until_one_connection_has_tried_it()
    {
        using var refused = new RefusedEndpoint();
        EndPoint address = refused.Endpoint;
        await using var other = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(address, route =>
        {
            To(other.Endpoint)(route);
            route.Balancing = BalancingNames.FirstAvailable;
        });
        await Serve(proxy, clients: 3);
        LogEntry warning = await proxy.Log.Saw("UpstreamOut");
        Assert.That(warning.Text, Is.EqualTo(
            $"Route route1: {address} is out for 5 s: 3 connects failed in a row, the last: connection refused"));

        await Serve(proxy, clients: 5);
        Assert.That(proxy.Log.CountOf("Connecting"), Is.EqualTo(3 + 3 + 5), "it is left alone");

        refused.Dispose();
        await using var back = new EchoUpstream(address);
        proxy.Clock!.Advance(TimeSpan.FromSeconds(5));
        await Serve(proxy, clients: 1);
        Assert.That((await proxy.Log.Saw("UpstreamUp")).Text, Is.EqualTo($"Route route1: {address} is up again"));
        await Serve(proxy, clients: 3);
        Assert.That(back.Accepted, Is.EqualTo(4));
    }

    [Test]
    public async Task When_all_are_out_clients_are_closed_at_once_and_it_is_said_once()
    {
        using var first = new RefusedEndpoint();
        using var second = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(first.Endpoint, route =>
        {
            To(second.Endpoint)(route);
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
            To(second.Endpoint)(route);
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

    [Test]
    public async Task Weights_are_kept_to_by_real_connections()
    {
        await using var heavy = new EchoUpstream();
        await using var light = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(heavy.Endpoint, route =>
        {
            To(light.Endpoint)(route);
            route.Upstreams[0].Weight = 3;
        });

        await Serve(proxy, clients: 40);

        Assert.That((heavy.Accepted, light.Accepted), Is.EqualTo((30, 10)));
    }

    [Test]
    public async Task Policy_of_the_users_own_is_found_by_its_name_and_told_who_asks()
    {
        await using var first = new EchoUpstream();
        await using var second = new EchoUpstream();
        var policy = new LastOne();
        await using RunningProxy proxy = await RunningProxy.To(
            first.Endpoint,
            route =>
            {
                To(second.Endpoint)(route);
                route.Name = "web";
                route.Balancing = "LastOne";
            },
            options => options.BalancingPolicies.Add("LastOne", () => policy));

        using Peer client = await proxy.Connect();
        await client.Echoes("hello");

        Assert.That(second.Accepted, Is.EqualTo(1));
        Assert.That(policy.Client!.Route, Is.EqualTo("web"));
        Assert.That(policy.Client.Address, Is.EqualTo(client.Socket.LocalEndPoint));
    }

    [Test]
    public async Task Policy_that_throws_ends_the_connection_that_it_was_to_choose_for_and_no_other()
    {
        await using var first = new EchoUpstream();
        await using var second = new EchoUpstream();
        var policy = new LastOne();
        await using RunningProxy proxy = await RunningProxy.To(
            first.Endpoint,
            route =>
            {
                To(second.Endpoint)(route);
                route.Balancing = "LastOne";
            },
            options => options.BalancingPolicies.Add("LastOne", () => policy));
        using Peer other = await proxy.Connect();
        await other.Echoes("before");

        policy.Throws = true;
        using Peer victim = await proxy.Connect();
        await victim.ReceivesReset();
        policy.Throws = false;

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.Fault));
        await proxy.Log.Saw("ConnectionFault");
        await other.Echoes("still there");
        using Peer next = await proxy.Connect();
        await next.Echoes("served");
    }

    private static Action<RouteOptions> To(params EndPoint[] more) => route =>
        Array.ForEach(more, endpoint => route.Upstreams.Add(new() { Address = endpoint.ToString()! }));

    private static async Task Serve(RunningProxy proxy, int clients)
    {
        for (int i = 0; i < clients; i++)
        {
            using Peer client = await proxy.Connect();
            await client.Echoes("hello");
        }
    }

    private sealed class LastOne : IBalancingPolicy
    {
        internal volatile bool Throws;

        internal ClientInfo? Client { get; private set; }

        public Upstream Choose(IReadOnlyList<Upstream> candidates, ClientInfo client)
        {
            Client = client;
            return Throws ? throw new InvalidDataException("a policy that throws") : candidates[^1];
        }
    }
}
