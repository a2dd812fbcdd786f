using System.Net;
using ProxyCore.Upstreams;

namespace ProxyCore.Tests.Pools;

/// <summary>Who is chosen, counted.</summary>
internal sealed class BalancingTests
{
    private const int Choices = 12_000;

    private static readonly ClientInfo _anybody = new("web", address: null);

    [Test]
    public void RoundRobin_takes_all_in_turn_as_often_as_their_weights_say_and_spread_out()
    {
        Upstream[] upstreams = [new("a", weight: 5), new("b"), new("c")];
        var policy = new RoundRobin();

        string order = string.Concat(Enumerable.Range(0, 14).Select(_ => policy.Choose(upstreams, _anybody)));

        Assert.That(order, Is.EqualTo("aabacaa" + "aabacaa"));
    }

    [Test]
    public void RoundRobin_goes_on_evenly_while_one_is_away_and_after_it_is_back()
    {
        Upstream a = new("a"), b = new("b"), c = new("c");
        var policy = new RoundRobin();
        Count(policy, [a, b, c], choices: 7);

        Dictionary<string, int> withoutB = Count(policy, [a, c], choices: 100);
        Dictionary<string, int> withB = Count(policy, [a, b, c], choices: 99);

        Assert.That(withoutB["a"], Is.EqualTo(50).Within(1));
        Assert.That(withB.Values, Has.All.EqualTo(33).Within(1));
    }

    [Test]
    public void RoundRobin_keeps_nothing_of_upstreams_that_come_and_go()
    {
        var policy = new RoundRobin();
        var keeper = new Upstream("stays");
        var gone = new List<WeakReference>();
        for (int i = 0; i < 1000; i++)
        {
            gone.Add(ChooseAmongStrangers(policy, keeper));
        }

        GC.Collect();

        Assert.That(gone.Count(static one => one.IsAlive), Is.LessThan(200));
    }

    [Test]
    public void LeastConnections_takes_the_one_with_the_fewest_for_its_weight()
    {
        Upstream[] upstreams = [new("a", weight: 1, connections: 3), new("b", weight: 4, connections: 8), new("c", weight: 1, connections: 5)];

        Assert.That(new LeastConnections().Choose(upstreams, _anybody).Address, Is.EqualTo("b"));
    }

    [Test]
    public void LeastConnections_takes_equals_in_turn()
    {
        Upstream[] upstreams = [new("a"), new("b"), new("c")];

        Assert.That(Count(new LeastConnections(), upstreams).Values, Has.All.EqualTo(Choices / 3));
    }

    [TestCase(3, 1)]
    [TestCase(4, 1)]
    [TestCase(4, 2)]
    [TestCase(7, 3)]
    public void LeastConnections_takes_equals_in_turn_beside_busier_ones(int count, int busy)
    {
        Upstream[] upstreams = [.. Enumerable.Range(0, count).Select(i => new Upstream($"{i}", connections: i < busy ? 1 : 0))];

        Dictionary<string, int> chosen = Count(new LeastConnections(), upstreams);

        Assert.That(chosen.Keys, Is.EquivalentTo(upstreams.Skip(busy).Select(static upstream => upstream.Address)));
        Assert.That(chosen.Values, Has.All.EqualTo(Choices / (count - busy)));
    }

    [Test]
    public void RandomOfTwo_draws_equals_alike_beside_a_busier_one()
    {
        Upstream[] upstreams = [new("busy", connections: 1), new("b"), new("c"), new("d")];

        Dictionary<string, int> chosen = Count(Random(), upstreams);

        Assert.That(chosen.Keys, Is.EquivalentTo(["b", "c", "d"]));
        Assert.That(chosen.Values, Has.All.EqualTo(Choices / 3).Within(200));
    }

    [Test]
    public void LeastConnections_fills_by_weight()
    {
        Upstream[] upstreams = [new("a", weight: 3), new("b", weight: 1)];
        var policy = new LeastConnections();

        for (int i = 0; i < 400; i++)
        {
            policy.Choose(upstreams, _anybody).Connections++;
        }

        Assert.That(upstreams.Select(static upstream => upstream.Connections), Is.EqualTo([300, 100]));
    }

    [Test]
    public void RandomOfTwo_never_takes_the_busiest()
    {
        Upstream[] upstreams = [new("a", connections: 1), new("b", connections: 2), new("c", connections: 9)];

        Assert.That(Count(Random(), upstreams), Does.Not.ContainKey("c"));
    }

    [Test]
    public void RandomOfTwo_fills_nearly_evenly()
    {
        Upstream[] upstreams = [.. Enumerable.Range(0, 10).Select(static i => new Upstream($"{i}"))];
        RandomOfTwo policy = Random();

        for (int i = 0; i < 1000; i++)
        {
            policy.Choose(upstreams, _anybody).Connections++;
        }

        Assert.That(upstreams.Select(static upstream => upstream.Connections), Has.All.InRange(95, 105));
    }

    [Test]
    public void RandomOfTwo_draws_by_weight()
    {
        Upstream[] upstreams = [new("a", weight: 8), new("b"), new("c"), new("d")];
        RandomOfTwo policy = Random();

        for (int i = 0; i < 1100; i++)
        {
            policy.Choose(upstreams, _anybody).Connections++;
        }

        Assert.That(upstreams[0].Connections, Is.EqualTo(800).Within(40));
    }

    [Test]
    public void ClientHash_takes_a_client_to_the_same_upstream_whatever_its_port()
    {
        Upstream[] upstreams = Many(7);
        var policy = new ClientHash();

        string[] chosen =
        [
            .. Enumerable.Range(1, 100).Select(port => policy.Choose(upstreams, Client("192.0.2.7", port)).Address).Distinct(),
        ];

        Assert.That(chosen, Has.Length.EqualTo(1));
    }

    [Test]
    public void ClientHash_is_the_same_on_every_proxy_and_in_every_version()
    {
        Upstream[] upstreams = Many(5);

        IEnumerable<string> chosen =
            Enumerable.Range(1, 8).Select(i => new ClientHash().Choose(upstreams, Client($"192.0.2.{i}")).Address[7..8]);

        // As another program reckons it, in Python.
        Assert.That(string.Concat(chosen), Is.EqualTo("41444235"));
    }

    [Test]
    public void ClientHash_takes_an_IPv4_client_of_a_dual_stack_listener_for_the_same_client()
    {
        Upstream[] upstreams = Many(50);
        var policy = new ClientHash();

        Assert.That(
            policy.Choose(upstreams, Client("::ffff:192.0.2.7")), Is.SameAs(policy.Choose(upstreams, Client("192.0.2.7"))));
    }

    [Test]
    public void ClientHash_spreads_clients_by_weight()
    {
        Upstream[] upstreams = [new("10.0.0.1:80", weight: 1), new("10.0.0.2:80", weight: 2), new("10.0.0.3:80", weight: 3)];
        var policy = new ClientHash();

        int[] counts = CountClients(policy, upstreams);

        Assert.That(counts[0], Is.EqualTo(2000).Within(150));
        Assert.That(counts[1], Is.EqualTo(4000).Within(150));
        Assert.That(counts[2], Is.EqualTo(6000).Within(150));
    }

    [Test]
    public void ClientHash_moves_only_the_clients_of_an_upstream_that_is_gone()
    {
        Upstream[] all = Many(10);
        Upstream gone = all[3];
        Upstream[] rest = [.. all.Except([gone])];
        var policy = new ClientHash();
        int moved = 0;
        int ofGone = 0;

        foreach (ClientInfo client in Clients())
        {
            Upstream before = policy.Choose(all, client);
            moved += policy.Choose(rest, client) == before ? 0 : 1;
            ofGone += before == gone ? 1 : 0;
        }

        Assert.That(ofGone, Is.EqualTo(Choices / 10).Within(150));
        Assert.That(moved, Is.EqualTo(ofGone));
    }

    [Test]
    public void FirstAvailable_takes_the_first() =>
        Assert.That(Count(new FirstAvailable(), Many(3)), Is.EqualTo(new Dictionary<string, int> { ["10.0.0.1:80"] = Choices }));

    [Test]
    public void Each_name_has_its_policy()
    {
        IEnumerable<string> names = typeof(BalancingNames).GetFields().Select(static field => (string)field.GetValue(null)!);

        Assert.That(BuiltInPolicies.All.Keys, Is.EquivalentTo(names));
        Assert.That(BuiltInPolicies.All.Select(static one => one.Value().GetType().Name), Is.EqualTo(BuiltInPolicies.All.Keys));
    }

    [Test]
    public void A_route_has_its_policy_for_itself([ValueSource(nameof(PolicyNames))] string name)
    {
        IBalancingPolicy one = BuiltInPolicies.All[name]();
        IBalancingPolicy other = BuiltInPolicies.All[name]();

        Assert.That(one, Is.Not.SameAs(other));
    }

    private static IEnumerable<string> PolicyNames() => BuiltInPolicies.All.Keys;

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference ChooseAmongStrangers(RoundRobin policy, Upstream keeper)
    {
        var stranger = new Upstream("stranger");
        policy.Choose([keeper, stranger], _anybody);
        return new WeakReference(stranger);
    }

    private static RandomOfTwo Random() => new(new Random(20261124));

    private static Upstream[] Many(int count) => [.. Enumerable.Range(1, count).Select(static i => new Upstream($"10.0.0.{i}:80"))];

    private static ClientInfo Client(string address, int port = 40000) => new("web", new IPEndPoint(IPAddress.Parse(address), port));

    private static IEnumerable<ClientInfo> Clients() =>
        Enumerable.Range(0, Choices).Select(static i => Client($"192.168.{i / 250}.{1 + (i % 250)}"));

    private static int[] CountClients(ClientHash policy, Upstream[] upstreams)
    {
        ILookup<Upstream, ClientInfo> chosen = Clients().ToLookup(client => policy.Choose(upstreams, client));
        return [.. upstreams.Select(upstream => chosen[upstream].Count())];
    }

    private static Dictionary<string, int> Count(IBalancingPolicy policy, Upstream[] upstreams, int choices = Choices) =>
        Enumerable.Range(0, choices)
            .GroupBy(_ => policy.Choose(upstreams, _anybody).Address)
            .ToDictionary(static group => group.Key, static group => group.Count());
}
