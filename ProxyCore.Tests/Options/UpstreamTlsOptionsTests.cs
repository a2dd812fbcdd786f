using System.Net;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Options;

/// <summary>What an upstream may say of TLS, and the settings that it gives.</summary>
internal sealed class UpstreamTlsOptionsTests
{
    private const string Path = "Routes:0:Upstreams:0:Tls:";

    [TestCase("db.example:5432", null, "db.example", null)]
    [TestCase("DB.Example.:5432", null, "db.example", null)]
    [TestCase("localhost:5432", null, "localhost", null)]
    [TestCase("5432", null, "localhost", null)]
    [TestCase("192.0.2.1:5432", null, null, "192.0.2.1")]
    [TestCase("[2001:db8::1]:5432", null, null, "2001:db8::1")]
    [TestCase("[::ffff:192.0.2.1]:5432", null, null, "192.0.2.1")]
    [TestCase("[fe80::1%1]:5432", null, null, "fe80::1")]
    [TestCase("192.0.2.1:5432", "DB.example.", "db.example", null)]
    [TestCase("db.example:5432", "bücher.example", "xn--bcher-kva.example", null)]
    [TestCase("unix:/run/db", "db.example", "db.example", null)]
    public void Certificate_is_verified_against_the_given_name_or_the_host_of_the_address(
        string address, string? serverName, string? name, string? verified)
    {
        UpstreamTlsSettings tls = SettingsOf(new UpstreamTlsOptions { ServerName = serverName }, address);

        Assert.That((tls.ServerName, tls.Address), Is.EqualTo((name, verified is null ? null : IPAddress.Parse(verified))));
        Assert.That(tls.Verify, Is.True);
    }

    [Test]
    public void A_unix_socket_needs_no_name_when_nothing_is_verified()
    {
        UpstreamTlsSettings tls = SettingsOf(new UpstreamTlsOptions { Verify = false }, "unix:/run/db");

        Assert.That((tls.ServerName, tls.Address, tls.Verify), Is.EqualTo(((string?)null, (IPAddress?)null, false)));
    }

    [Test]
    public void Every_option_becomes_a_setting()
    {
        var options = new UpstreamTlsOptions
        {
            ServerName = "db.example",
            Ca = "/c/ca.pem",
            Verify = false,
            Certificate = new CertificateOptions { Certificate = "/c/a.pem", Key = "/c/a.key", PasswordFile = "/c/password" },
            Alpn = { "postgresql", "h2" },
            MinimumVersion = TlsVersion.Tls13,
            StartTls = StartTlsMode.Postgres,
            OnTruncation = TruncationAction.Reset,
        };

        Assert.That(SettingsOf(options, "1"), Is.EqualTo(new UpstreamTlsSettings(
            "db.example",
            null,
            false,
            Full("/c/ca.pem"),
            new CertificateSettings(Full("/c/a.pem"), Full("/c/a.key"), Full("/c/password")),
            ["postgresql", "h2"],
            false,
            TlsVersion.Tls13,
            StartTlsMode.Postgres,
            TruncationAction.Reset)));
    }

    [TestCase("Client")]
    [TestCase("client")]
    public void Client_alone_stands_for_the_protocol_of_the_client(string written)
    {
        UpstreamTlsSettings tls = SettingsOf(new UpstreamTlsOptions { Alpn = { written } }, "1");

        Assert.That((tls.FollowsClientAlpn, tls.Alpn.Count), Is.EqualTo((true, 0)));
    }

    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Case("ServerName: '*.db.example' is no server name: it is a wildcard, which stands for many", new() { ServerName = "*.db.example" });
        yield return Case("ServerName: '192.0.2.1' is no server name: it is an IP address", new() { ServerName = "192.0.2.1" });
        yield return Case("ServerName: '2001:db8::1' is no server name: it is an IP address", new() { ServerName = "2001:db8::1" });
        yield return Case("ServerName: '' is no server name: it is empty", new() { ServerName = "" });
        yield return Case("ServerName: 'a..example' is no server name: a label is empty", new() { ServerName = "a..example" });
        yield return Case("Ca: must be the path of a file", new() { Ca = "" });
        yield return Case("Certificate:Certificate: must be the path of a file", new() { Certificate = new() });
        yield return Case("Certificate:Key: must be the path of a file", new() { Certificate = new() { Certificate = "a", Key = "" } });
        yield return Case("Alpn: must have Client alone, which stands for the protocol of the client", new() { Alpn = { "h2", "CLIENT" } });
        yield return Case("Alpn:1: 'h2' is in the list already", new() { Alpn = { "h2", "h2" } });
        yield return Case("Alpn:0: 'h 2' is no application protocol: write one as in h2, http/1.1 or postgresql", new() { Alpn = { "h 2" } });
        yield return Case("MinimumVersion: must be one of Tls12, Tls13", new() { MinimumVersion = (TlsVersion)7 });
        yield return Case("StartTls: must be one of None, Postgres", new() { StartTls = (StartTlsMode)2 });
        yield return Case("OnTruncation: must be one of Tolerate, Reset", new() { OnTruncation = (TruncationAction)2 });
    }

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_told_with_its_place(string line, UpstreamTlsOptions options) =>
        Assert.That(() => SettingsOf(options, "1"), Throws.ArgumentException.With.Message.EqualTo(Path + line));

    [Test]
    public void A_unix_socket_whose_certificate_is_verified_needs_a_name() => Assert.That(
        static () => SettingsOf(new UpstreamTlsOptions(), "unix:/run/db"),
        Throws.ArgumentException.With.Message.EqualTo($"{Path}ServerName: must be given: a Unix socket has no name that its certificate could have"));

    [Test]
    public void An_address_that_is_wrong_is_the_only_mistake_told() => Assert.That(
        static () => SettingsOf(new UpstreamTlsOptions(), "no"),
        Throws.ArgumentException.With.Message.EqualTo("Routes:0:Upstreams:0:Address: 'no' is no endpoint: expected PORT, HOST:PORT or unix:/path"));

    private static TestCaseData Case(string line, UpstreamTlsOptions options) => new TestCaseData(line, options).SetArgDisplayNames(line);

    private static string Full(string path) => System.IO.Path.GetFullPath(path);

    private static UpstreamTlsSettings SettingsOf(UpstreamTlsOptions tls, string address) => OptionsReader.Read(new TcpProxyOptions
    {
        Routes = { new RouteOptions { Listen = { "8443" }, Upstreams = { new UpstreamOptions { Address = address, Tls = tls } } } },
    }).Settings.Routes[0].Pool.Upstreams[0].Tls!;
}
