using System.Net;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Tests.Pools;

internal sealed class UpstreamPoolTests
{
    private static readonly ClientInfo _client = new("web", address: null);
    private static readonly PassiveHealthSettings _passive = new(Failures: 1, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1));

    [Test]
    public void A_place_is_counted_until_it_is_given_back()
    {
        UpstreamPool pool = Pool(Settings("a", max: 1));

        PoolMember member = Take(pool);
        Assert.That(member.Upstream.Connections, Is.EqualTo(1));
        Assert.That(Ask(pool), Is.EqualTo(PoolAnswer.Busy));

        pool.Release(member);
        Assert.That(Ask(pool), Is.EqualTo(PoolAnswer.Taken));
    }

    [Test]
    public void What_was_tried_is_not_given_again()
    {
        UpstreamPool pool = Pool(Settings("a"), Settings("b"), Settings("c"));
        var tried = new List<PoolMember>();
        for (int i = 0; i < 3; i++)
        {
            Assert.That(pool.TryTake(_client, tried, TimeSpan.Zero, out PoolMember member), Is.EqualTo(PoolAnswer.Taken));
            Assert.That(pool.CountOthers(member, tried), Is.EqualTo(2 - i));
            tried.Add(member);
        }

        Assert.That(tried.Distinct().Count(), Is.EqualTo(3));
        Assert.That(pool.TryTake(_client, tried, TimeSpan.Zero, out _), Is.EqualTo(PoolAnswer.None));
    }

    [Test]
    public void Full_ones_are_passed_over_while_others_have_room()
    {
        UpstreamPool pool = Pool(Settings("a", max: 1), Settings("b"));

        string[] taken = [.. Enumerable.Range(0, 4).Select(_ => Take(pool).Address)];

        Assert.That(taken.Order(), Is.EqualTo(["a", "b", "b", "b"]));
    }

    [Test]
    public void A_backup_gets_nothing_while_another_is_up_even_if_that_is_full()
    {
        UpstreamPool pool = Pool(Settings("a", max: 1), Settings("spare", isBackup: true));
        Take(pool);

        Assert.That(Ask(pool), Is.EqualTo(PoolAnswer.Busy));
    }

    [Test]
    public void A_backup_stands_in_when_all_others_are_out_or_tried()
    {
        UpstreamPool pool = Pool(Settings("a"), Settings("b"), Settings("spare", isBackup: true));
        PoolMember[] others = [.. pool.Members.Where(static member => member.Address != "spare")];

        pool.TryTake(_client, others, TimeSpan.Zero, out PoolMember afterTrying);
        Array.ForEach(others, member => pool.ReportFailed(member, TimeSpan.Zero));
        PoolMember whileOut = Take(pool);

        Assert.That(afterTrying.Address, Is.EqualTo("spare"));
        Assert.That(whileOut.Address, Is.EqualTo("spare"));
    }

    [Test]
    public void Priorities_come_one_after_the_other_and_backups_last()
    {
        UpstreamPool pool = Pool(
            Settings("spare", isBackup: true), Settings("third") with { PriorityGroup = 7 }, Settings("second") with { PriorityGroup = 1 }, Settings("first"));
        var tried = new List<PoolMember>();
        for (int i = 0; i < 4; i++)
        {
            Assert.That(pool.TryTake(_client, tried, TimeSpan.Zero, out PoolMember member), Is.EqualTo(PoolAnswer.Taken));
            tried.Add(member);
        }

        Assert.That(tried.Select(static one => one.Address), Is.EqualTo(["first", "second", "third", "spare"]));
    }

    [Test]
    public void A_group_that_is_full_is_waited_for()
    {
        UpstreamPool pool = Pool(Settings("first", max: 1), Settings("second") with { PriorityGroup = 1 });
        Take(pool);

        Assert.That(Ask(pool), Is.EqualTo(PoolAnswer.Busy));
    }

    [Test]
    public void Who_is_out_gets_nothing_until_its_time_is_over_and_then_one()
    {
        UpstreamPool pool = Pool(Settings("a"), Settings("b"));
        PoolMember a = pool.Members[0];
        pool.ReportFailed(a, TimeSpan.Zero);

        Assert.That(Enumerable.Range(0, 10).Select(_ => Take(pool).Address), Has.All.EqualTo("b"));
        TimeSpan later = TimeSpan.FromSeconds(5);
        Assert.That(Enumerable.Range(0, 10).Count(_ => Take(pool, later) == a), Is.EqualTo(1));
    }

    [Test]
    public void The_only_upstream_is_never_taken_out()
    {
        UpstreamPool pool = Pool(Settings("a"));
        for (int i = 0; i < 10; i++)
        {
            pool.ReportFailed(Take(pool), TimeSpan.Zero);
        }

        Assert.That(Ask(pool), Is.EqualTo(PoolAnswer.Taken));
    }

    [Test]
    public void When_all_are_out_the_one_whose_time_ends_first_is_given()
    {
        UpstreamPool pool = Pool(Settings("late"), Settings("soon"));
        Fail(pool, "late", seconds: 1);
        Fail(pool, "soon", seconds: 0);

        Assert.That(Take(pool).Address, Is.EqualTo("soon"));
    }

    [Test]
    public void When_all_are_out_and_full_a_client_waits()
    {
        UpstreamPool pool = Pool(Settings("a", max: 1), Settings("b", max: 1));
        Fail(pool, "a", seconds: 0);
        Fail(pool, "b", seconds: 0);
        Take(pool);
        Take(pool);

        Assert.That(Ask(pool), Is.EqualTo(PoolAnswer.Busy));
    }

    [Test]
    public void Those_that_checks_took_down_are_not_given()
    {
        UpstreamPool pool = Pool(Settings("a"), Settings("b"));
        foreach (PoolMember member in pool.Members)
        {
            member.Health.OnChecked(succeeded: false, rise: 1, fall: 1);
        }

        Assert.That(Ask(pool), Is.EqualTo(PoolAnswer.None));
        Assert.That(pool.HasAnyToTry, Is.False);
    }

    [Test]
    public void When_all_are_out_the_least_bad_is_given_if_that_is_wanted()
    {
        UpstreamPool pool = Pool(triesWhenAllOut: true, Settings("down"), Settings("late"), Settings("soon"));
        Fail(pool, "soon", seconds: 0);
        Fail(pool, "late", seconds: 1);
        pool.Members[0].Health.OnChecked(succeeded: false, rise: 1, fall: 1);

        var tried = new List<PoolMember>();
        for (int i = 0; i < 3; i++)
        {
            pool.TryTake(_client, tried, TimeSpan.FromSeconds(2), out PoolMember member);
            tried.Add(member);
        }

        Assert.That(tried.Select(static member => member.Address), Is.EqualTo(["soon", "late", "down"]));
    }

    [Test]
    public void Weight_zero_gets_no_new_connections()
    {
        UpstreamPool pool = Pool(Settings("a", weight: 0), Settings("b"));

        Assert.That(Enumerable.Range(0, 10).Select(_ => Take(pool).Address), Has.All.EqualTo("b"));
    }

    [Test]
    public void Reconcile_keeps_health_and_connections_of_those_who_stay()
    {
        UpstreamPool pool = Pool(Settings("a"), Settings("b"));
        PoolMember a = pool.Members[0];
        Take(pool);
        Take(pool);
        pool.ReportFailed(a, TimeSpan.Zero);

        pool.Reconcile([Settings("c"), Settings("a", weight: 7, max: 9)]);

        Assert.That(pool.Members[1], Is.SameAs(a));
        Assert.That((a.Upstream.Weight, a.Settings.MaxConnections, a.Upstream.Connections), Is.EqualTo((7, (int?)9, 1)));
        Assert.That(a.Health.State, Is.EqualTo(UpstreamState.Out));
    }

    [Test]
    public void Reconcile_gives_those_who_are_gone_no_more()
    {
        UpstreamPool pool = Pool(Settings("a"), Settings("b"));

        pool.Reconcile([Settings("b")]);

        Assert.That(Enumerable.Range(0, 10).Select(_ => Take(pool).Address), Has.All.EqualTo("b"));
    }

    [Test]
    public void Upstream_that_leaves_and_comes_back_still_has_its_connections()
    {
        UpstreamPool pool = Pool(Settings("a", max: 2), Settings("b", max: 2));
        PoolMember a = pool.Members[0];
        for (int i = 0; i < 4; i++)
        {
            Take(pool);
        }

        pool.Reconcile([Settings("b", max: 2)]);
        Assert.That(pool.Draining, Is.EqualTo([a]));
        Assert.That(a.State, Is.EqualTo(UpstreamState.Draining));
        Assert.That(Ask(pool), Is.EqualTo(PoolAnswer.Busy));
        pool.Reconcile([Settings("a", max: 2), Settings("b", max: 2)]);

        Assert.That(pool.Members[0], Is.SameAs(a));
        Assert.That((a.State, a.Upstream.Connections), Is.EqualTo((UpstreamState.Up, 2)));
        Assert.That(Ask(pool), Is.EqualTo(PoolAnswer.Busy));
        Assert.That(pool.Draining, Is.Empty);
    }

    [Test]
    public void Upstream_that_has_left_is_forgotten_with_its_last_connection()
    {
        UpstreamPool pool = Pool(Settings("a"), Settings("idle"));
        PoolMember a = Take(pool);

        pool.Reconcile([]);
        Assert.That(pool.Draining, Is.EqualTo([a]), "one without connections is forgotten at once");
        bool isLast = pool.Release(a);

        Assert.That(isLast, Is.True);
        Assert.That(pool.Draining, Is.Empty);
        pool.Reconcile([Settings("a")]);
        Assert.That(pool.Members[0], Is.Not.SameAs(a));
    }

    [Test]
    public void The_policy_is_asked_for_those_only_who_can_be_had()
    {
        var policy = new RecordingPolicy();
        var pool = new UpstreamPool(policy, _passive, triesWhenAllOut: false);
        pool.Reconcile([Settings("full", max: 0), Settings("out"), Settings("tried"), Settings("a"), Settings("b"), Settings("spare", isBackup: true)]);
        Fail(pool, "out", seconds: 0);

        pool.TryTake(_client, [pool.Members[2]], TimeSpan.Zero, out PoolMember member);

        Assert.That(policy.Asked, Is.EqualTo(["a b"]));
        Assert.That(member.Address, Is.EqualTo("a"));
    }

    [Test]
    public void The_policy_is_not_asked_where_there_is_no_choice()
    {
        var policy = new RecordingPolicy();
        var pool = new UpstreamPool(policy, _passive, triesWhenAllOut: false);
        pool.Reconcile([Settings("a")]);

        Take(pool);

        Assert.That(policy.Asked, Is.Empty);
    }

    [Test]
    public void A_policy_that_chooses_a_stranger_is_told_so_and_takes_no_place()
    {
        var pool = new UpstreamPool(new RecordingPolicy(new Upstream("stranger")), _passive, triesWhenAllOut: false);
        pool.Reconcile([Settings("a"), Settings("b")]);

        Assert.That(() => Take(pool), Throws.InvalidOperationException.With.Message.Contains("'stranger'"));
        Assert.That(pool.Members.Sum(static member => member.Upstream.Connections), Is.Zero);
    }

    private static UpstreamPool Pool(params MemberSettings[] members) => Pool(triesWhenAllOut: false, members);

    private static UpstreamPool Pool(bool triesWhenAllOut, params MemberSettings[] members)
    {
        var pool = new UpstreamPool(new RoundRobin(), _passive, triesWhenAllOut);
        pool.Reconcile(members);
        return pool;
    }

    private static MemberSettings Settings(string address, int weight = 1, int? max = null, bool isBackup = false) =>
        new(address, [new IPEndPoint(IPAddress.Loopback, 1)], weight, max, isBackup);

    private static PoolAnswer Ask(UpstreamPool pool) => pool.TryTake(_client, [], TimeSpan.Zero, out _);

    private static PoolMember Take(UpstreamPool pool, TimeSpan now = default)
    {
        Assert.That(pool.TryTake(_client, [], now, out PoolMember member), Is.EqualTo(PoolAnswer.Taken));
        return member;
    }

    private static void Fail(UpstreamPool pool, string address, double seconds) =>
        pool.ReportFailed(pool.Members.Single(member => member.Address == address), TimeSpan.FromSeconds(seconds));

    /// <summary>Takes the first, or what it was told to; notes what it was asked.</summary>
    private sealed class RecordingPolicy(Upstream? choice = null) : IBalancingPolicy
    {
        internal List<string> Asked { get; } = [];

        public Upstream Choose(IReadOnlyList<Upstream> candidates, ClientInfo client)
        {
            Asked.Add(string.Join(' ', candidates));
            return choice ?? candidates[0];
        }
    }
}
