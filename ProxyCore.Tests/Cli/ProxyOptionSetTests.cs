using System.CommandLine;
using ProxyCore.Cli;
using ProxyCore.Cli.Discovery;

namespace ProxyCore.Tests.Cli;

internal sealed class ProxyOptionSetTests
{
    private static readonly ProxyEndpoint _upstream = ProxyEndpoint.Parse("host:1");

    [Test]
    public void Every_option_reaches_the_library()
    {
        TcpProxyOptions options = Read(
            "--listen 1 --listen *:2 --connect-timeout 1s --idle-timeout 2m --half-close-timeout 3h --drain-timeout 0ms "
            + "--loops 3 --max-connections 5 --buffer-size 64k --max-pending 2g --no-parking");

        RouteOptions route = options.Routes.Single();
        Assert.That(route.Listen.Select(static one => one.Address), Is.EqualTo((string[])["1", "*:2"]));
        Assert.That(route.Upstreams.Single().Address, Is.EqualTo("host:1"));
        Assert.That(route.ConnectTimeout, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(route.IdleTimeout, Is.EqualTo(TimeSpan.FromMinutes(2)));
        Assert.That(route.HalfCloseTimeout, Is.EqualTo(TimeSpan.FromHours(3)));
        Assert.That(options.DrainTimeout, Is.EqualTo(TimeSpan.Zero));
        Assert.That(options.Loops, Is.EqualTo(3));
        Assert.That(options.MaxConnections, Is.EqualTo(5));
        Assert.That(options.BufferSize, Is.EqualTo(65536));
        Assert.That(options.MaxPendingBytes, Is.EqualTo(2L << 30));
        Assert.That(options.ParkIdleSockets, Is.False);
    }

    [Test]
    public void Each_of_several_upstreams_is_spoken_to_in_the_same_way()
    {
        var set = new ProxyOptionSet();
        var command = new Command("proxycore");
        set.AddTo(command, new Option<string>("--upstream"));
        var options = new TcpProxyOptions();

        set.Configure(options, command.Parse("--send-proxy v2 --upstream-tls"), _upstream, ProxyEndpoint.Parse("host:2"));

        Assert.That(
            options.Routes.Single().Upstreams.Select(static one => (one.Address, one.SendProxyProtocol, one.Tls is not null)),
            Is.EqualTo([("host:1", (ProxyProtocolVersion?)ProxyProtocolVersion.V2, true), ("host:2", ProxyProtocolVersion.V2, true)]));
    }

    [Test]
    public void Servers_of_the_DNS_are_those_that_are_given() => Assert.That(
        ((SrvSource)Read("--dns 10.0.0.53 --dns [::1]:5353").UpstreamSources["srv"]).Settings.Servers.Select(static one => one.ToString()),
        Is.EqualTo(["10.0.0.53:53", "[::1]:5353"]));

    [Test]
    public void What_is_not_given_is_the_librarys_default()
    {
        TcpProxyOptions options = Read("");

        RouteOptions route = options.Routes.Single();
        Assert.That(route.Listen.Select(static one => one.Address), Is.EqualTo((string[])["localhost:8080"]));
        Assert.That(route.ConnectTimeout, Is.EqualTo(new RouteOptions().ConnectTimeout));
        Assert.That(route.IdleTimeout, Is.EqualTo(new RouteOptions().IdleTimeout));
        Assert.That(route.HalfCloseTimeout, Is.EqualTo(new RouteOptions().HalfCloseTimeout));
        Assert.That(route.Access, Is.Null);
        Assert.That(route.Listen.Single().Tls, Is.Null);
        Assert.That(route.Upstreams.Single().Tls, Is.Null);
        Assert.That(options.TlsEngine, Is.EqualTo(TlsEngineKind.Auto));
        Assert.That(options.DrainTimeout, Is.EqualTo(new TcpProxyOptions().DrainTimeout));
        Assert.That(options.Loops, Is.EqualTo(new TcpProxyOptions().Loops).And.EqualTo(1));
        Assert.That(options.MaxConnections, Is.Null);
        Assert.That(options.BufferSize, Is.EqualTo(new TcpProxyOptions().BufferSize));
        Assert.That(options.MaxPendingBytes, Is.Null);
        Assert.That(options.ParkIdleSockets, Is.True);
    }

    [Test]
    public void Clients_are_allowed_and_denied_on_the_route()
    {
        AccessOptions access = Read("--allow 10.0.0.0/8 --deny 10.0.0.1 --allow ::1").Routes.Single().Access!;

        Assert.That(access.Allow, Is.EqualTo(["10.0.0.0/8", "::1"]));
        Assert.That(access.Deny, Is.EqualTo(["10.0.0.1"]));
    }

    [Test]
    public void Keys_belong_to_the_certificates_in_their_order_on_each_endpoint()
    {
        RouteOptions route = Read(
            "--listen 1 --listen 2 --tls-certificate a.pem --tls-key a.key --tls-certificate b.pem --tls-key b.key --tls-certificate c.p12").Routes.Single();

        foreach (ListenOptions listen in route.Listen)
        {
            Assert.That(
                listen.Tls!.Certificates.Select(static one => (one.Certificate, one.Key, one.PasswordFile)),
                Is.EqualTo([("a.pem", (string?)"a.key", (string?)null), ("b.pem", "b.key", null), ("c.p12", null, null)]));
            Assert.That(listen.Tls.ClientCertificates, Is.EqualTo(ClientCertificateMode.None));
        }
    }

    [TestCase("--upstream-tls", null, null)]
    [TestCase("--upstream-tls db.example", "db.example", null)]
    [TestCase("--upstream-tls --upstream-ca ca.pem", null, "ca.pem")]
    [TestCase("--upstream-ca ca.pem --upstream-tls=db.example", "db.example", "ca.pem")]
    public void The_upstream_gets_TLS_with_a_name_and_a_CA(string arguments, string? name, string? ca)
    {
        UpstreamTlsOptions tls = Read(arguments).Routes.Single().Upstreams.Single().Tls!;

        Assert.That((tls.ServerName, tls.Ca, tls.Verify), Is.EqualTo((name, ca, true)));
    }

    [TestCase("auto", TlsEngineKind.Auto)]
    [TestCase("openssl", TlsEngineKind.OpenSsl)]
    [TestCase("SslStream", TlsEngineKind.SslStream)]
    public void Engine_is_chosen_by_name(string name, TlsEngineKind engine) =>
        Assert.That(Read($"--tls-engine {name}").TlsEngine, Is.EqualTo(engine));

    [Test]
    public void Options_may_stand_before_a_commands_name_and_after_it() =>
        Assert.That(Read("--listen 1 --buffer-size 1m below --listen 2").Routes.Single().Listen.Select(static one => one.Address), Is.EqualTo((string[])["1", "2"]));

    private static TcpProxyOptions Read(string arguments)
    {
        var set = new ProxyOptionSet();
        var command = new Command("above");
        var below = new Command("below");
        set.AddTo(command, new Option<string>("--upstream"));
        set.AddTo(below, new Option<string>("--upstream"));
        command.Add(below);
        command.SetAction(static _ => { });

        ParseResult parsed = command.Parse(arguments);
        Assert.That(parsed.Errors, Is.Empty);
        var options = new TcpProxyOptions();
        set.Configure(options, parsed, _upstream);
        return options;
    }
}
