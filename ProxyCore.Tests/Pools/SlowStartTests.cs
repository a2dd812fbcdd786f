using System.Net;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Tests.Pools;

/// <summary>The share of an upstream that starts slowly is that of a straight weight, at any moment and by each policy.</summary>
internal sealed class SlowStartTests
{
    private const double TwoPoints = 0.02;
    private static readonly ClientInfo _client = new("web", address: null);
    private static readonly TimeSpan _length = TimeSpan.FromSeconds(10);
    private static readonly PassiveHealthSettings _passive = new(Failures: 1, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1));

    private static readonly string[] _policies = [BalancingNames.RoundRobin, BalancingNames.LeastConnections, BalancingNames.RandomOfTwo];
    private static readonly double[] _moments = [0.5, 1, 2.5, 5, 7.5, 9.9, 10];
    private static readonly int[] _running = [0, 24];
    private static readonly double[] _steps = [0, 1, 2.6, 5, 9.9, 10];

    private static IEnumerable<TestCaseData> PoliciesAndMoments() =>
        from policy in _policies
        from second in _moments
        from running in _running
        select new TestCaseData(policy, second, running);

    [TestCaseSource(nameof(PoliciesAndMoments))]
    public void Its_share_grows_evenly_with_nothing_running_and_with_much(string policy, double second, int running)
    {
        UpstreamPool pool = Pool(policy, Settings("warm"), Settings("cold"));
        Member(pool, "cold").WarmUp.Begin(TimeSpan.Zero);
        var now = TimeSpan.FromSeconds(second);
        double weight = Math.Min(1, now / _length);

        double share = ShareOf(pool, "cold", choices: 4000, running, now);

        Assert.That(share, Is.EqualTo(weight / (1 + weight)).Within(TwoPoints));
    }

    [Test]
    public void While_others_are_busy_it_does_not_get_all_new_connections()
    {
        UpstreamPool pool = Pool(BalancingNames.LeastConnections, Settings("warm"), Settings("cold"));
        Member(pool, "warm").Upstream.Connections = 40;
        Member(pool, "cold").WarmUp.Begin(TimeSpan.Zero);

        int cold = Enumerable.Range(0, 40).Count(_ => Take(pool, TimeSpan.FromSeconds(1)).Address == "cold");

        // 0.1 of 1.1 are 3.6 of 40.
        Assert.That(cold, Is.EqualTo(4).Within(1));
    }

    [Test]
    public void Its_maximum_grows_likewise_and_is_never_less_than_one()
    {
        UpstreamPool pool = Pool(BalancingNames.FirstAvailable, Settings("cold", most: 20));
        Member(pool, "cold").WarmUp.Begin(TimeSpan.Zero);

        var most = new List<int>();
        foreach (double second in _steps)
        {
            while (pool.TryTake(_client, [], TimeSpan.FromSeconds(second), out _) == PoolAnswer.Taken)
            {
            }

            most.Add(Member(pool, "cold").Upstream.Connections);
        }

        Assert.That(most, Is.EqualTo([1, 2, 5, 10, 19, 20]));
    }

    [Test]
    public void Several_that_start_together_share_as_they_do_when_they_are_warm()
    {
        UpstreamPool pool = Pool(BalancingNames.RoundRobin, Settings("a", weight: 1), Settings("b", weight: 3));
        foreach (PoolMember member in pool.Members)
        {
            member.WarmUp.Begin(TimeSpan.Zero);
        }

        Assert.That(ShareOf(pool, "b", choices: 400, running: 0, TimeSpan.FromSeconds(1)), Is.EqualTo(0.75).Within(TwoPoints));
    }

    [Test]
    public void A_client_hash_moves_its_clients_bit_by_bit()
    {
        UpstreamPool pool = Pool(BalancingNames.ClientHash, Settings("warm"), Settings("cold"));
        Member(pool, "cold").WarmUp.Begin(TimeSpan.Zero);

        HashSet<int> early = ClientsOf(pool, TimeSpan.FromSeconds(1));
        HashSet<int> late = ClientsOf(pool, _length);

        Assert.That(early, Is.SubsetOf(late), "a client that has moved does not move back");
        Assert.That(early, Has.Count.EqualTo(91).Within(30));
        Assert.That(late, Has.Count.EqualTo(500).Within(60));
    }

    [Test]
    public void Without_a_slow_start_it_has_its_whole_share_at_once()
    {
        UpstreamPool pool = Pool(BalancingNames.RoundRobin, TimeSpan.Zero, Settings("warm"), Settings("cold"));
        Member(pool, "cold").WarmUp.Begin(TimeSpan.Zero);

        Assert.That(ShareOf(pool, "cold", choices: 100, running: 0, TimeSpan.Zero), Is.EqualTo(0.5).Within(0.001));
        Assert.That(pool.IsWarmingUp(TimeSpan.Zero), Is.False);
    }

    private static HashSet<int> ClientsOf(UpstreamPool pool, TimeSpan now)
    {
        var clients = new HashSet<int>();
        for (int i = 0; i < 1000; i++)
        {
            var client = new ClientInfo("web", new IPEndPoint(IPAddress.Parse($"10.0.{i / 250}.{(i % 250) + 1}"), 1));
            pool.TryTake(client, [], now, out PoolMember member);
            pool.Release(member);
            if (member.Address == "cold")
            {
                clients.Add(i);
            }
        }

        return clients;
    }

    /// <summary>The share of an upstream in many choices, while so many connections run: the oldest ends as a new one comes.</summary>
    private static double ShareOf(UpstreamPool pool, string address, int choices, int running, TimeSpan now)
    {
        var open = new Queue<PoolMember>();
        int chosen = 0;
        for (int i = 0; i < choices; i++)
        {
            PoolMember member = Take(pool, now);
            chosen += member.Address == address ? 1 : 0;
            open.Enqueue(member);
            if (open.Count > running)
            {
                pool.Release(open.Dequeue());
            }
        }

        return chosen / (double)choices;
    }

    private static UpstreamPool Pool(string policy, params MemberSettings[] members) => Pool(policy, _length, members);

    private static UpstreamPool Pool(string policy, TimeSpan slowStart, params MemberSettings[] members)
    {
        IBalancingPolicy made = policy == BalancingNames.RandomOfTwo ? new RandomOfTwo(new Random(1)) : BuiltInPolicies.All[policy]();
        var pool = new UpstreamPool(made, _passive, triesWhenAllOut: false, slowStart);
        pool.Reconcile(members);
        return pool;
    }

    private static MemberSettings Settings(string address, int weight = 1, int? most = null) =>
        new(address, [new IPEndPoint(IPAddress.Loopback, 1)], weight, most, IsBackup: false);

    private static PoolMember Member(UpstreamPool pool, string address) => pool.Members.Single(member => member.Address == address);

    private static PoolMember Take(UpstreamPool pool, TimeSpan now)
    {
        Assert.That(pool.TryTake(_client, [], now, out PoolMember member), Is.EqualTo(PoolAnswer.Taken));
        return member;
    }
}
