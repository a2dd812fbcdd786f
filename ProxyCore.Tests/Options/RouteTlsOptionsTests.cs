using Moq;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Options;

/// <summary>What a route may say of TLS beside its endpoints, and what they must have in common.</summary>
internal sealed class RouteTlsOptionsTests
{
    private const ClientCertificateMode Required = ClientCertificateMode.Required;
    private const RouteTlsMode Passthrough = RouteTlsMode.Passthrough;

    [Test]
    public void A_route_says_nothing_unless_told() => Assert.That(
        SettingsOf(Route(Tls())), Is.EqualTo(((ClientCertificateSettings?)null, RouteTlsMode.Terminate)));

    [TestCase(Required, "/route.pem", Required, "/route.pem")]
    [TestCase(Required, null, Required, "/listen.pem")]
    [TestCase(null, "/route.pem", ClientCertificateMode.Optional, "/route.pem")]
    [TestCase(ClientCertificateMode.None, null, ClientCertificateMode.None, null)]
    public void What_a_route_says_stands_above_its_endpoint(
        ClientCertificateMode? mode, string? ca, ClientCertificateMode expected, string? expectedCa)
    {
        RouteOptions route = Route(Tls(static tls => (tls.ClientCertificates, tls.ClientCa) = (ClientCertificateMode.Optional, "/listen.pem")));
        (route.ClientCertificates, route.ClientCa) = (mode, ca);

        Assert.That(
            SettingsOf(route).Clients,
            Is.EqualTo(new ClientCertificateSettings(expected, expectedCa is null ? null : Path.GetFullPath(expectedCa))));
    }

    [Test]
    public void A_route_may_ask_with_the_CA_of_an_endpoint_that_asks_nobody()
    {
        RouteOptions route = Route(Tls(static tls => tls.ClientCa = "/listen.pem"));
        route.ClientCertificates = Required;

        Assert.That(SettingsOf(route).Clients, Is.EqualTo(new ClientCertificateSettings(Required, Path.GetFullPath("/listen.pem"))));
    }

    private static IEnumerable<TestCaseData> Mistakes()
    {
        ListenTlsOptions otherCa = Tls(static tls => tls.ClientCa = "/other.pem");
        ListenTlsOptions asking = Tls(static tls => (tls.ClientCertificates, tls.ClientCa) = (Required, "/listen.pem"));
        yield return Case("ClientCertificates: must be one of None, Optional, Required", [asking], static o => o.ClientCertificates = (ClientCertificateMode)3);
        yield return Case("ClientCertificates: needs TLS on each endpoint of the route, and 'localhost:8000' has no Tls", [null], static o => (o.ClientCertificates, o.ClientCa) = (Required, "a"));
        yield return Case("ClientCa: needs TLS on each endpoint of the route, and 'localhost:8001' has no Tls", [asking, null], static o => o.ClientCa = "a");
        yield return Case("ClientCa: must name a file: clients are asked for a certificate", [Tls()], static o => o.ClientCertificates = Required);
        yield return Case("ClientCa: must be the path of a file", [Tls()], static o => (o.ClientCertificates, o.ClientCa) = (Required, ""));
        yield return Case("ClientCa: must be given: it differs between the endpoints of the route", [asking, otherCa], static o => o.ClientCertificates = Required);
        yield return Case("ClientCertificates: must be given: it differs between the endpoints of the route", [asking, Tls()], static o => o.ClientCa = "a");
        yield return Case("ClientCa: has no use: clients of the route are not asked for a certificate", [Tls()], static o => o.ClientCa = "a");
        yield return Case("ClientCa: has no use: clients of the route are not asked for a certificate", [asking], static o => (o.ClientCertificates, o.ClientCa) = (ClientCertificateMode.None, "a"));
        yield return Case("Tls: must be one of Terminate, Passthrough", [Tls()], static o => o.Tls = (RouteTlsMode)2);
        yield return Case("Tls: is Passthrough, which needs an endpoint with Tls: all others pass TLS on anyway", [null], static o => o.Tls = Passthrough);
        yield return Case("Tls: is Passthrough, as of all routes of 'localhost:8000': leave out Tls of the endpoint, and all of it is passed on", [Tls()], static o => o.Tls = Passthrough);
        yield return Case(
            "ClientCertificates: can't be given with Passthrough: the upstream ends TLS then, and may ask for certificates itself",
            [asking],
            static o => (o.Tls, o.ClientCertificates) = (Passthrough, Required));
        yield return Case(
            "ClientCa: can't be given with Passthrough: the upstream ends TLS then, and may ask for certificates itself",
            [asking],
            static o => (o.Tls, o.ClientCa) = (Passthrough, "a"));
    }

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_told_with_its_place(string line, ListenTlsOptions?[] endpoints, Action<RouteOptions> change)
    {
        RouteOptions route = Route(endpoints);
        change(route);

        Assert.That(() => SettingsOf(route), Throws.ArgumentException.With.Message.EqualTo($"Routes:0:{line}"));
    }

    [Test]
    public void A_route_that_only_a_selector_chooses_says_itself_what_its_clients_are_asked_for()
    {
        RouteOptions route = Route();
        route.ClientCa = "/route.pem";
        var options = new TcpProxyOptions { Routes = { route }, RouteSelector = Mock.Of<IRouteSelector>() };
        Assert.That(
            () => OptionsReader.Read(options),
            Throws.ArgumentException.With.Message.EqualTo("Routes:0:ClientCertificates: must be given: the route has no endpoint that says it"));

        route.ClientCertificates = Required;
        Assert.That(
            OptionsReader.Read(options).Settings.Routes[0].ClientCertificates,
            Is.EqualTo(new ClientCertificateSettings(Required, Path.GetFullPath("/route.pem"))));
    }

    [Test]
    public void A_wrong_endpoint_is_not_told_again_by_rules_about_all_of_them()
    {
        RouteOptions route = Route(Tls());
        route.Listen.Add(new ListenOptions("no"));
        (route.ClientCertificates, route.ClientCa, route.Tls) = (Required, "a", RouteTlsMode.Terminate);

        Assert.That(() => SettingsOf(route), Throws.ArgumentException.With.Message.StartsWith("Routes:0:Listen:1: 'no' is no endpoint").And.Message.Not.Contains("\n"));
    }

    [TestCase("", "a.example")]
    [TestCase("a.example", "")]
    [TestCase("a.example", "b.example")]
    public void One_route_may_pass_on_what_another_does_not_end(string passing, string ending)
    {
        RouteOptions first = Route(passing);
        first.Tls = Passthrough;

        TcpProxyOptions options = new() { Routes = { first, Route(ending) } };

        Assert.That(OptionsReader.Read(options).Settings.Routes.Select(static route => route.Tls), Is.EqualTo([Passthrough, RouteTlsMode.Terminate]));
    }

    [Test]
    public void An_endpoint_that_is_a_part_of_one_whose_TLS_is_ended_may_be_passed_on()
    {
        RouteOptions passing = Route("a.example");
        passing.Tls = Passthrough;
        RouteOptions ending = Route("b.example");
        ending.Listen[0].Address = "*:8000";

        Assert.That(() => OptionsReader.Read(new TcpProxyOptions { Routes = { passing, ending } }), Throws.Nothing);
    }

    [Test]
    public void Routes_that_share_an_endpoint_must_end_TLS_alike()
    {
        RouteOptions other = Route("b.example");
        other.Listen[0].Tls!.MinimumVersion = TlsVersion.Tls13;
        RouteOptions plain = Route("c.example");
        plain.Listen[0].Tls = null;

        Assert.That(
            () => OptionsReader.Read(new TcpProxyOptions { Routes = { Route("a.example"), other, plain } }),
            Throws.ArgumentException.With.Message.EqualTo(Differs(1) + Environment.NewLine + Differs(2)));
        Assert.That(() => OptionsReader.Read(new TcpProxyOptions { Routes = { Route("a.example"), Route("b.example") } }), Throws.Nothing);

        static string Differs(int route) =>
            $"Routes:{route}:Listen:0: 'localhost:8000' is listened on already, by Routes:0:Listen:0, with other settings: routes that share addresses share their settings";
    }

    [Test]
    public void Engine_is_known_and_stays_while_the_proxy_runs()
    {
        var options = new TcpProxyOptions { Routes = { Route(Tls()) }, TlsEngine = TlsEngineKind.SslStream };
        ProxySettings running = OptionsReader.Read(options).Settings;
        Assert.That(running.TlsEngine, Is.EqualTo(TlsEngineKind.SslStream));

        options.TlsEngine = TlsEngineKind.Auto;
        Assert.That(
            () => OptionsReader.Read(options, running), Throws.ArgumentException.With.Message.EqualTo("TlsEngine: can't be changed while the proxy runs"));

        options.TlsEngine = (TlsEngineKind)3;
        Assert.That(
            () => OptionsReader.Read(options), Throws.ArgumentException.With.Message.EqualTo("TlsEngine: must be one of Auto, OpenSsl, SslStream"));
    }

    private static TestCaseData Case(string line, ListenTlsOptions?[] endpoints, Action<RouteOptions> change) =>
        new TestCaseData(line, endpoints, change).SetArgDisplayNames(line);

    private static ListenTlsOptions Tls(Action<ListenTlsOptions>? change = null)
    {
        var tls = new ListenTlsOptions { Certificates = { new CertificateOptions { Certificate = "a.pem" } } };
        change?.Invoke(tls);
        return tls;
    }

    private static RouteOptions Route(string serverName)
    {
        RouteOptions route = Route(Tls());
        if (serverName.Length > 0)
        {
            route.ServerNames.Add(serverName);
        }

        return route;
    }

    /// <summary>A route with an endpoint for each of <paramref name="endpoints"/>, on ports from 8000.</summary>
    private static RouteOptions Route(params ListenTlsOptions?[] endpoints)
    {
        var route = new RouteOptions { Upstreams = { new UpstreamOptions { Address = "1" } } };
        foreach (ListenTlsOptions? tls in endpoints)
        {
            route.Listen.Add(new ListenOptions($"localhost:{8000 + route.Listen.Count}") { Tls = tls });
        }

        return route;
    }

    private static (ClientCertificateSettings? Clients, RouteTlsMode Tls) SettingsOf(RouteOptions route)
    {
        RouteSettings settings = OptionsReader.Read(new TcpProxyOptions { Routes = { route } }).Settings.Routes[0];
        return (settings.ClientCertificates, settings.Tls);
    }
}
