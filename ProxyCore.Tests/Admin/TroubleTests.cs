using ProxyCore.Cli.Admin;

namespace ProxyCore.Tests.Admin;

/// <summary>What an operator has to look at.</summary>
internal sealed class TroubleTests
{
    [TestCase(UpstreamState.Up, 0, UpstreamAdministration.Ready, false)]
    [TestCase(UpstreamState.Up, 2, UpstreamAdministration.Ready, false)]
    [TestCase(UpstreamState.Up, 3, UpstreamAdministration.Ready, true, TestName = "Only_upstream_whose_connects_fail_is_in_trouble")]
    [TestCase(UpstreamState.Out, 3, UpstreamAdministration.Ready, true)]
    [TestCase(UpstreamState.OnTrial, 3, UpstreamAdministration.Ready, true)]
    [TestCase(UpstreamState.Down, 0, UpstreamAdministration.Ready, true)]
    [TestCase(UpstreamState.Unresolved, 0, UpstreamAdministration.Ready, true)]
    [TestCase(UpstreamState.Draining, 0, UpstreamAdministration.Ready, false)]
    [TestCase(UpstreamState.Down, 0, UpstreamAdministration.Drain, false, TestName = "What_was_taken_out_by_hand_is_no_trouble")]
    [TestCase(UpstreamState.Down, 0, UpstreamAdministration.Disabled, false)]
    public void Upstream_is_in_trouble_that_should_serve_and_does_not(
        UpstreamState state, int failures, UpstreamAdministration administration, bool inTrouble) =>
        Assert.That(Trouble.Has(Upstream(state, failures, administration)), Is.EqualTo(inTrouble));

    [Test]
    public void Route_is_down_when_none_of_its_upstreams_serves()
    {
        UpstreamSnapshot up = Upstream(UpstreamState.Up);
        UpstreamSnapshot down = Upstream(UpstreamState.Down);
        UpstreamSnapshot drained = Upstream(UpstreamState.Up, administration: UpstreamAdministration.Drain);

        Assert.That(Trouble.Of(Route(0, up)), Is.Null);
        Assert.That(Trouble.Of(Route(0, up, drained)), Is.Null);
        Assert.That(Trouble.Of(Route(1, up)), Is.EqualTo("Degraded"));
        Assert.That(Trouble.Of(Route(0, up, down)), Is.EqualTo("Degraded"));
        Assert.That(Trouble.Of(Route(0, drained, down)), Is.EqualTo("Down"));
        Assert.That(Trouble.Of(Route(0, drained)), Is.EqualTo("Down"));
        Assert.That(Trouble.Of(Route(0, Upstream(UpstreamState.Up, weight: 0))), Is.EqualTo("Down"));
        Assert.That(Trouble.Of(Route(0)), Is.EqualTo("Down"));
    }

    [Test]
    public void Sum_counts_routes_upstreams_and_queues() => Assert.That(
        TroubleView.Of(
        [
            Route(0, Upstream(UpstreamState.Up)),
            Route(2, Upstream(UpstreamState.Up), Upstream(UpstreamState.Out)),
            Route(3, Upstream(UpstreamState.Down), Upstream(UpstreamState.Down)),
        ]),
        Is.EqualTo(new TroubleView(Routes: 2, RoutesDown: 1, Upstreams: 3, Queued: 5)));

    private static RouteSnapshot Route(int queued, params UpstreamSnapshot[] upstreams) => new()
    {
        Name = "web",
        Endpoints = [],
        Balancing = "RoundRobin",
        Statistics = new TcpProxyStatistics(),
        Queued = queued,
        Upstreams = upstreams,
    };

    private static UpstreamSnapshot Upstream(
        UpstreamState state, int failures = 0, UpstreamAdministration administration = UpstreamAdministration.Ready, int weight = 1) => new()
        {
            Address = "10.0.0.1:80",
            State = state,
            FailuresInRow = failures,
            Administration = administration,
            Weight = weight,
            IsBackup = false,
            MaxConnections = null,
            Connections = 0,
            Connected = 0,
            Failed = 0,
        };
}
