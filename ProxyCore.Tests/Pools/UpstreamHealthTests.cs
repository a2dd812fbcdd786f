using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Tests.Pools;

internal sealed class UpstreamHealthTests
{
    private const int Rise = 2;
    private const int Fall = 3;

    private static readonly PassiveHealthSettings _limits = new(Failures: 3, OutTime: Seconds(5), MaxOutTime: Seconds(60));

    [Test]
    public void It_starts_up() => Assert.That(new UpstreamHealth().MayTake(TimeSpan.Zero), Is.True);

    [Test]
    public void Failures_in_a_row_take_it_out()
    {
        var health = new UpstreamHealth();

        Assert.That(Fail(health, at: 0), Is.EqualTo(HealthChange.None));
        Assert.That(Fail(health, at: 0), Is.EqualTo(HealthChange.None));
        Assert.That(Fail(health, at: 0), Is.EqualTo(HealthChange.WentOut));

        Assert.That(health.State, Is.EqualTo(UpstreamState.Out));
        Assert.That(health.MayTake(Seconds(4.9)), Is.False);
        Assert.That(health.MayTake(Seconds(5)), Is.True);
    }

    [Test]
    public void Failures_that_are_not_in_a_row_do_not()
    {
        var health = new UpstreamHealth();
        for (int i = 0; i < 10; i++)
        {
            Fail(health, at: 0);
            Fail(health, at: 0);
            health.OnConnected();
        }

        Assert.That(health.State, Is.EqualTo(UpstreamState.Up));
    }

    [Test]
    public void Failures_without_limits_never_take_it_out()
    {
        var health = new UpstreamHealth();
        for (int i = 0; i < 10; i++)
        {
            Assert.That(health.OnConnectFailed(TimeSpan.Zero, limits: null), Is.EqualTo(HealthChange.None));
            Assert.That(health.OnConnectFailed(TimeSpan.Zero, _limits with { Failures = 0 }), Is.EqualTo(HealthChange.None));
        }

        Assert.That(health.State, Is.EqualTo(UpstreamState.Up));
    }

    [Test]
    public void When_its_time_is_over_it_gets_one_connection_to_try()
    {
        UpstreamHealth health = Out(at: 0);

        health.OnTaken();

        Assert.That(health.State, Is.EqualTo(UpstreamState.OnTrial));
        Assert.That(health.MayTake(Seconds(1000)), Is.False, "a second one while the trial is under way");
    }

    [Test]
    public void A_trial_that_succeeds_brings_it_back_with_a_clean_record()
    {
        UpstreamHealth health = Out(at: 0);
        health.OnTaken();

        Assert.That(health.OnConnected(), Is.EqualTo(HealthChange.CameUp));

        Assert.That(Fail(health, at: 6), Is.EqualTo(HealthChange.None));
        Fail(health, at: 6);
        Fail(health, at: 6);
        Assert.That(health.OutUntil, Is.EqualTo(Seconds(11)), "the first time out again");
    }

    [Test]
    public void Each_trial_that_fails_doubles_the_time_out_up_to_the_longest()
    {
        UpstreamHealth health = Out(at: 0);
        var times = new List<double>();
        for (int trial = 0; trial < 6; trial++)
        {
            TimeSpan now = health.OutUntil;
            health.OnTaken();
            Assert.That(health.OnConnectFailed(now, _limits), Is.EqualTo(HealthChange.None), "it was out all the time");
            times.Add((health.OutUntil - now).TotalSeconds);
        }

        Assert.That(times, Is.EqualTo([10, 20, 40, 60, 60, 60]));
    }

    [Test]
    public void A_trial_that_was_not_made_leaves_the_next_connection_to_be_it()
    {
        UpstreamHealth health = Out(at: 0);
        health.OnTaken();

        health.OnNotTried();

        Assert.That(health.MayTake(Seconds(5)), Is.True);
        Assert.That(health.State, Is.EqualTo(UpstreamState.Out));
    }

    [Test]
    public void Failures_of_connects_that_were_under_way_when_it_went_out_change_nothing()
    {
        UpstreamHealth health = Out(at: 0);

        Assert.That(Fail(health, at: 4), Is.EqualTo(HealthChange.None));
        Assert.That(health.OutUntil, Is.EqualTo(Seconds(5)));
    }

    [Test]
    public void Checks_that_fail_in_a_row_take_it_down_and_checks_that_succeed_in_a_row_bring_it_up()
    {
        var health = new UpstreamHealth();

        Assert.That(Check(health, "--+--"), Has.All.EqualTo(HealthChange.None));
        Assert.That(Check(health, "-"), Is.EqualTo([HealthChange.WentDown]));
        Assert.That(health.MayTake(Seconds(1000)), Is.False);
        Assert.That(Check(health, "--+-+"), Has.All.EqualTo(HealthChange.None), "flapping is not yet up");
        Assert.That(Check(health, "+"), Is.EqualTo([HealthChange.CameUp]));
        Assert.That(health.MayTake(TimeSpan.Zero), Is.True);
    }

    [Test]
    public void Checks_that_succeed_bring_it_back_from_out()
    {
        UpstreamHealth health = Out(at: 0);

        Assert.That(Check(health, "++"), Is.EqualTo([HealthChange.None, HealthChange.CameUp]));
    }

    [Test]
    public void Connects_do_not_bring_it_up_while_checks_say_that_it_is_down()
    {
        var health = new UpstreamHealth();
        Check(health, "---");

        Assert.That(health.OnConnected(), Is.EqualTo(HealthChange.None));
        Assert.That(health.State, Is.EqualTo(UpstreamState.Down));
    }

    [Test]
    public void It_comes_up_when_it_is_checked_no_more()
    {
        var health = new UpstreamHealth();
        Check(health, "---");

        health.OnUnchecked();

        Assert.That(health.State, Is.EqualTo(UpstreamState.Up));
    }

    private static UpstreamHealth Out(double at)
    {
        var health = new UpstreamHealth();
        for (int i = 0; i < _limits.Failures; i++)
        {
            Fail(health, at);
        }

        return health;
    }

    private static HealthChange Fail(UpstreamHealth health, double at) => health.OnConnectFailed(Seconds(at), _limits);

    private static HealthChange[] Check(UpstreamHealth health, string results) =>
        [.. results.Select(result => health.OnChecked(result == '+', Rise, Fall))];

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
