using System.Runtime.Versioning;
using ProxyCore.Bench.Comparing;
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
    public void An_asterisk_stands_for_all_names_that_begin_so() =>
        Assert.That(Chosen(Scenarios.All, "bulk-*"), Is.EqualTo(["bulk-1", "bulk-4"]));

    [Test]
    public void ProxyCore_native_takes_part_in_everything()
    {
        Contender native = Named(Contenders.Native);

        Assert.That(Scenarios.All.Concat(GrowthScenarios.All).Where(scenario => !scenario.Takes(native)), Is.Empty);
    }

    [Test]
    public void Only_proxies_that_end_TLS_take_part_where_that_is_measured()
    {
        string[] tls = [.. TlsScenarios.All.Select(static one => one.Name)];

        Assert.That(Taken(Named(Contenders.NativeSslStream)), Is.EqualTo(tls));
        Assert.That(Taken(Contenders.Direct), Does.Contain("busy-64").And.Contain("connect-sni").And.No.Member(tls[0]));
    }

    [Test]
    public void ProxyCore_plain_takes_part_where_features_are_measured_and_nowhere_else() => Assert.That(
        Taken(Named(Contenders.Plain)),
        Is.EqualTo(["busy-limits", "connect-limits", "busy-toxic", "connect-toxic", "sparse-toxic"]));

    [Test]
    public void Several_threads_are_compared_with_one_in_scenarios_of_their_own() =>
        Assert.That(Taken(Named(Contenders.TwoLoops)), Is.EqualTo(["busy-threads", "connect-threads"]));

    [Test]
    public void Socat_is_spared_thousands_of_processes()
    {
        var socat = new Contender(OtherProxies.Socat, static _ => throw new NotSupportedException());

        Assert.That(Taken(socat), Does.Contain("busy-64").And.No.Member("busy-1000"));
    }

    private static Contender Named(string name) => Contenders.ProxyCoreNative("proxycore").Single(contender => contender.Name == name);

    private static string[] Taken(Contender contender) =>
        [.. Scenarios.All.Where(scenario => scenario.Takes(contender)).Select(static scenario => scenario.Name)];

    private static string[] Chosen(IReadOnlyList<Scenario> scenarios, params string[]? names) =>
        [.. scenarios.Where(scenario => scenario.IsChosen(names)).Select(static scenario => scenario.Name)];
}
