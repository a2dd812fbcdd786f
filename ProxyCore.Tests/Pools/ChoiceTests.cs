using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Pools;

/// <summary>Real connections go where the balancing says, also where it is code of the user.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class ChoiceTests(Parking parking) : ParkingFixture(parking)
{
    [Test]
    public async Task Weights_are_kept_to_by_real_connections()
    {
        await using var heavy = new EchoUpstream();
        await using var light = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(heavy.Endpoint, route =>
        {
            route.Add(light.Endpoint);
            route.Upstreams[0].Weight = 3;
        });

        await proxy.Serves(clients: 40);

        Assert.That((heavy.Accepted, light.Accepted), Is.EqualTo((30, 10)));
    }

    [Test]
    public async Task Policy_of_the_users_own_is_found_by_its_name_and_told_who_asks()
    {
        await using var first = new EchoUpstream();
        await using var second = new EchoUpstream();
        var policy = new LastOne();
        await using RunningProxy proxy = await Start(policy, first, second);

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
        await using RunningProxy proxy = await Start(policy, first, second);
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

    private static Task<RunningProxy> Start(LastOne policy, EchoUpstream first, EchoUpstream second) => RunningProxy.To(
        first.Endpoint,
        route =>
        {
            route.Add(second.Endpoint);
            route.Name = "web";
            route.Balancing = "LastOne";
        },
        options => options.BalancingPolicies.Add("LastOne", () => policy));

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
