using System.Net;
using ProxyCore.Settings;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;
using ProxyCore.Upstreams;

namespace ProxyCore.Tests.Pools;

internal sealed class MaxOutShareTests
{
    private static readonly ClientInfo _client = new("web", address: null);

    [TestCase(0.0, 4, 1)]
    [TestCase(0.2, 4, 1)]
    [TestCase(0.5, 4, 2)]
    [TestCase(0.74, 4, 2)]
    [TestCase(1.0, 4, 3)]
    [TestCase(0.5, 3, 1)]
    [TestCase(0.29, 100, 29)]
    [TestCase(1.0, 2, 1)]
    [TestCase(1.0, 1, 0)]
    [TestCase(null, 4, 4)]
    public void Failures_of_all_take_out_no_more_than_the_share_but_one_at_least_and_never_the_last(double? share, int members, int expected)
    {
        UpstreamPool pool = Pool(share, members);

        FailAll(pool);

        Assert.That(CountOut(pool), Is.EqualTo(expected));
    }

    [Test]
    public void A_member_counts_as_out_until_its_trial_has_succeeded()
    {
        UpstreamPool pool = Pool(share: 0.5, members: 3);
        PoolMember first = pool.Members[0];
        pool.ReportFailed(first, At(0));
        Take(pool, At(5), first);
        Assert.That(first.State, Is.EqualTo(UpstreamState.OnTrial));
        pool.ReportFailed(pool.Members[1], At(5));
        Assert.That(pool.Members[1].State, Is.EqualTo(UpstreamState.Up), "the first is on trial");

        UpstreamPool.ReportConnected(first);
        HealthChange change = pool.ReportFailed(pool.Members[1], At(5));

        Assert.That((change, pool.Members[1].State), Is.EqualTo((HealthChange.WentOut, UpstreamState.Out)));
    }

    [Test]
    public void A_trial_that_fails_keeps_its_member_out_for_longer_whatever_the_share()
    {
        UpstreamPool pool = Pool(share: 0, members: 3);
        PoolMember first = pool.Members[0];
        pool.ReportFailed(first, At(0));
        Take(pool, At(5), first);

        pool.ReportFailed(first, At(5));

        Assert.That((first.State, first.Health.OutUntil), Is.EqualTo((UpstreamState.Out, At(15))));
    }

    [Test]
    public void Members_that_checks_have_found_down_count_as_out()
    {
        UpstreamPool pool = Pool(share: 0.5, members: 4);
        pool.Members[0].Health.OnChecked(succeeded: false, rise: 1, fall: 1);
        pool.Members[1].Health.OnChecked(succeeded: false, rise: 1, fall: 1);

        FailAll(pool);

        Assert.That(pool.Members.Skip(2).Select(static one => one.State), Has.All.EqualTo(UpstreamState.Up));
    }

    [Test]
    public void Members_of_weight_zero_do_not_count()
    {
        var pool = new UpstreamPool(new RoundRobin(), Passive(0.5), triesWhenAllOut: false);
        pool.Reconcile([Settings("a"), Settings("b"), Settings("c", weight: 0), Settings("d", weight: 0)]);

        pool.ReportFailed(pool.Members[0], At(0));
        pool.ReportFailed(pool.Members[1], At(0));

        Assert.That(CountOut(pool), Is.EqualTo(1), "a half of two");
    }

    [Test]
    public async Task Client_still_gets_the_upstreams_that_the_bound_has_kept()
    {
        using var first = new RefusedEndpoint();
        using var second = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(first.Endpoint, route =>
        {
            route.Add(second.Endpoint);
            (route.PassiveHealth.Failures, route.PassiveHealth.MaxOutShare, route.ConnectAttempts) = (1, 0.5, 1);
        });
        using Peer client = await proxy.Connect();
        await client.ReceivesReset();
        await proxy.Ended();

        RouteSnapshot route = (await proxy.Proxy.GetSnapshotAsync()).Routes.Single();
        Assert.That(
            route.Upstreams.Select(static one => one.State), Is.EquivalentTo(new[] { UpstreamState.Out, UpstreamState.Up }));
        Assert.That(proxy.Log.CountOf("UpstreamOut"), Is.EqualTo(1));
    }

    private static UpstreamPool Pool(double? share, int members)
    {
        var pool = new UpstreamPool(new RoundRobin(), Passive(share), triesWhenAllOut: false);
        pool.Reconcile([.. Enumerable.Range(1, members).Select(static i => Settings($"10.0.0.{i}:80"))]);
        return pool;
    }

    private static PassiveHealthSettings Passive(double? share) =>
        new(Failures: 1, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)) { MaxOutShare = share };

    private static void FailAll(UpstreamPool pool)
    {
        foreach (PoolMember member in pool.Members)
        {
            pool.ReportFailed(member, At(0));
        }
    }

    private static int CountOut(UpstreamPool pool) => pool.Members.Count(static one => one.State == UpstreamState.Out);

    private static void Take(UpstreamPool pool, TimeSpan now, PoolMember expected)
    {
        PoolMember[] others = [.. pool.Members.Where(one => one != expected)];
        Assert.That(pool.TryTake(_client, others, now, out PoolMember taken), Is.EqualTo(PoolAnswer.Taken));
        Assert.That(taken, Is.SameAs(expected));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static MemberSettings Settings(string address, int weight = 1) =>
        new(address, [new IPEndPoint(IPAddress.Loopback, 1)], weight, MaxConnections: null, IsBackup: false);
}
