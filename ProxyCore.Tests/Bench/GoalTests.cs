using System.Runtime.Versioning;
using ProxyCore.Bench.Comparing;
using ProxyCore.Bench.Peers;
using ProxyCore.Bench.Reporting;

namespace ProxyCore.Tests.Bench;

[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class GoalTests
{
    private static readonly Goal _floor = new("busy-64", Figure.Requests, 1.05, IsFloor: true);
    private static readonly Goal _ceiling = new("busy-64", Figure.P99, 1.0, IsFloor: false);

    [TestCase(1.04, false)]
    [TestCase(1.05, true)]
    [TestCase(2.0, true)]
    public void IsMetBy_a_floor_asks_for_at_least_the_bound(double ratio, bool met) =>
        Assert.That(_floor.IsMetBy(ratio), Is.EqualTo(met));

    [TestCase(0.5, true)]
    [TestCase(1.0, true)]
    [TestCase(1.01, false)]
    public void IsMetBy_a_ceiling_asks_for_at_most_the_bound(double ratio, bool met) =>
        Assert.That(_ceiling.IsMetBy(ratio), Is.EqualTo(met));

    [Test]
    public void Reached_is_our_native_command_over_HAProxy_in_that_scenario_alone()
    {
        Measurement[] runs =
        [
            Measured.Run(Contenders.Native, 1, 110), Measured.Run(HAProxies.Name, 1, 100),
            Measured.Run(Contenders.Native, 1, 1, "sparse"), Measured.Run(HAProxies.Name, 1, 100, "sparse"),
        ];

        Assert.That(_floor.Reached(runs), Is.EqualTo(1.1).Within(1e-9));
    }

    [Test]
    public void Reached_is_null_for_what_was_not_measured() =>
        Assert.That(_floor.Reached([Measured.Run(Contenders.Native, 1, 110)]), Is.Null);

    [Test]
    public void Reached_of_an_absolute_goal_is_the_median_of_the_figure_itself()
    {
        Measurement[] runs =
        [
            Measured.Run(Contenders.Native, 1, 14), Measured.Run(Contenders.Native, 2, 17), Measured.Run(Contenders.Native, 3, 16),
            Measured.Run(HAProxies.Name, 1, 100),
        ];

        Assert.That((_floor with { IsAbsolute = true }).Reached(runs), Is.EqualTo(16));
        Assert.That((_floor with { IsAbsolute = true }).Reached(runs[3..]), Is.Null);
    }

    [Test]
    public void Reached_of_a_goal_for_SslStream_is_that_contender_over_HAProxy()
    {
        Measurement[] runs =
        [
            Measured.Run(Contenders.Native, 1, 90), Measured.Run(Contenders.NativeSslStream, 1, 150),
            Measured.Run(HAProxies.Name, 1, 100),
        ];

        Assert.That((_floor with { Contender = Contenders.NativeSslStream }).Reached(runs), Is.EqualTo(1.5).Within(1e-9));
    }

    [Test]
    public void Reached_is_over_the_contender_that_the_goal_names()
    {
        Measurement[] runs =
        [
            Measured.Run(Contenders.Native, 1, 120), Measured.Run(HAProxies.Name, 1, 100), Measured.Run(HAProxies.Splice, 1, 80),
        ];

        Assert.That((_floor with { Over = HAProxies.Splice }).Reached(runs), Is.EqualTo(1.5).Within(1e-9));
    }

    [TestCase(106, 200, true)]
    [TestCase(104, 115, true)]
    [TestCase(104, 200, false)]
    public void IsMetBy_a_goal_with_a_part_of_direct_asks_for_one_of_both(long ours, long direct, bool met)
    {
        Measurement[] runs =
        [
            Measured.Run(Contenders.Native, 1, ours), Measured.Run(HAProxies.Name, 1, 100), Measured.Run(Contenders.Direct.Name, 1, direct),
        ];

        Assert.That((_floor with { PartOfDirect = 0.9 }).IsMetBy(runs), Is.EqualTo(met));
    }

    [Test]
    public void Each_goal_is_of_a_scenario_that_is_measured()
    {
        IEnumerable<string> scenarios = Scenarios.All.Select(static scenario => scenario.Name);

        Assert.That(Goal.All.Select(static goal => goal.Scenario).Distinct(), Is.SubsetOf(scenarios));
    }
}
