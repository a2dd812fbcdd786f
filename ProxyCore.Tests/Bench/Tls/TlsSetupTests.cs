using System.Runtime.Versioning;
using System.Text.Json;
using ProxyCore.Bench.Comparing;
using ProxyCore.Bench.Load;
using ProxyCore.Bench.Peers;
using ProxyCore.Bench.Reporting;
using ProxyCore.Tests.Cli;

namespace ProxyCore.Tests.Bench.Tls;

[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class TlsSetupTests
{
    private static readonly int[] _tails = [110, 90, 100, 130, 80];

    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void HAProxy_ends_TLS_on_the_port_that_is_loaded_with_the_certificate_of_the_scenario()
    {
        Place place = PlaceFor(LoadKind.TlsConnect, KeyKind.Rsa2048);

        string[] binds = Binds(HAProxySetup.Text(place));

        Assert.That(binds, Is.EqualTo([$"bind 127.0.0.1:1001 backlog 4096 ssl crt {place.Tls.Both(KeyKind.Rsa2048)}"]));
    }

    [Test]
    public void HAProxy_has_a_plain_listener_and_one_with_TLS_where_both_are_loaded()
    {
        Place place = PlaceFor(LoadKind.TlsBesidePlain, KeyKind.P256);

        string[] binds = Binds(HAProxySetup.Text(place));

        Assert.That(binds, Is.EqualTo(
        [
            "bind 127.0.0.1:1001 backlog 4096",
            $"bind 127.0.0.1:1003 backlog 4096 ssl crt {place.Tls.Both(KeyKind.P256)}",
        ]));
    }

    [Test]
    public void ProxyCore_gets_the_engine_and_the_same_certificate()
    {
        Place place = PlaceFor(LoadKind.TlsRequests, KeyKind.P256);

        JsonElement options = Options(ProxyCoreSetup.Arguments(place, "SslStream"));

        JsonElement listener = options.GetProperty("Routes")[0].GetProperty("Listen")[0];
        JsonElement certificate = listener.GetProperty("Tls").GetProperty("Certificates")[0];
        Assert.That(options.GetProperty("TlsEngine").GetString(), Is.EqualTo("SslStream"));
        Assert.That(listener.GetProperty("Address").GetString(), Is.EqualTo("127.0.0.1:1001"));
        Assert.That(certificate.GetProperty("Certificate").GetString(), Is.EqualTo(place.Tls.Certificate(KeyKind.P256)));
        Assert.That(certificate.GetProperty("Key").GetString(), Is.EqualTo(place.Tls.Key(KeyKind.P256)));
    }

    [Test]
    public void ProxyCore_has_a_plain_listener_and_one_with_TLS_where_both_are_loaded()
    {
        JsonElement options = Options(ProxyCoreSetup.Arguments(PlaceFor(LoadKind.TlsBesidePlain, KeyKind.P256), "OpenSsl"));

        JsonElement listen = options.GetProperty("Routes")[0].GetProperty("Listen");
        Assert.That(listen[0].GetString(), Is.EqualTo("127.0.0.1:1001"));
        Assert.That(listen[1].GetProperty("Address").GetString(), Is.EqualTo("127.0.0.1:1003"));
    }

    [Test]
    public void The_spread_of_the_latency_is_that_of_the_ratios_round_by_round()
    {
        Measurement[] runs =
        [
            .. _tails.SelectMany(static (p99, round) => new[]
            {
                Measured.Run(Contenders.Native, round, 1, TlsScenarios.Latency, p99: p99),
                Measured.Run(HAProxies.Name, round, 1, TlsScenarios.Latency, p99: 100),
            }),
        ];

        Assert.That(TlsSection.Spread(runs), Is.EqualTo(
            "p99 of ProxyCore native over HAProxy's in 5 rounds: from 0.80× to 1.30×, half of them from 0.90× to 1.10×.\n"));
    }

    private Place PlaceFor(LoadKind kind, KeyKind key) =>
        new(kind, Port: 1001, Upstream: 1002, _folder.FullName, TlsFiles.Write(_folder.FullName), key, HandshakePort: 1003);

    private static string[] Binds(string text) =>
        [.. text.Split('\n').Select(static line => line.Trim()).Where(static line => line.StartsWith("bind ", StringComparison.Ordinal))];

    private static JsonElement Options(string[] arguments) =>
        JsonDocument.Parse(File.ReadAllText(arguments[1])).RootElement.GetProperty("ProxyCore");
}
