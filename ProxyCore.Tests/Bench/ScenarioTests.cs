using System.Runtime.Versioning;
using ProxyCore.Bench.Comparing;
using ProxyCore.Bench.Load;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Tests.Bench;

[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class ScenarioTests
{
    [Test]
    public void Scenarios_with_TLS_run_only_when_they_are_named() =>
        Assert.That(Chosen(Scenarios.All, null), Does.Contain("busy-64").And.None.StartsWith("tls-"));

    [Test]
    public void The_group_tls_names_all_scenarios_with_TLS_and_no_others() =>
        Assert.That(Chosen(Scenarios.All, "tls"), Is.EqualTo(TlsScenarios.All.Select(static one => one.Name)));

    [Test]
    public void A_name_and_the_group_together_choose_both() =>
        Assert.That(Chosen(Scenarios.All, "busy-1", "tls"), Has.Member("busy-1").And.Member("tls-idle").And.No.Member("busy-64"));

    [Test]
    public void A_smoke_run_has_one_scenario_with_TLS_unless_more_are_named()
    {
        Assert.That(Chosen(Scenarios.Smoke, null).Where(static name => name.StartsWith("tls-", StringComparison.Ordinal)), Is.EqualTo(["tls-handshake"]));
        Assert.That(Chosen(Scenarios.Smoke, "tls"), Is.EqualTo(TlsScenarios.All.Select(static one => one.Name)));
    }

    [Test]
    public void Only_proxies_that_end_TLS_take_part_where_that_is_measured([Values] LoadKind kind)
    {
        bool isTls = TlsScenarios.All.Any(scenario => scenario.Kind == kind);

        Assert.That(Contenders.ProxyCoreNative("proxycore").CanTake(kind), Is.True);
        Assert.That(Contenders.ProxyCoreSslStream("proxycore").CanTake(kind), Is.EqualTo(isTls));
        Assert.That(Contenders.Direct.CanTake(kind), Is.EqualTo(!isTls));
    }

    private static string[] Chosen(IReadOnlyList<Scenario> scenarios, params string[]? names) =>
        [.. scenarios.Where(scenario => scenario.IsChosen(names)).Select(static scenario => scenario.Name)];
}
