using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;
using ProxyCore.Bench.Load;
using ProxyCore.Bench.Peers;
using ProxyCore.Tests.Cli;

namespace ProxyCore.Tests.Bench;

[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class FeatureSetupTests
{
    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void HAProxy_gets_its_threads_and_more_options_in_the_defaults()
    {
        string text = HAProxySetup.Text(PlaceFor(Features.None), threads: 2, "option splice-request", "option splice-response");

        Assert.That(text, Does.Contain("nbthread 2\n"));
        Assert.That(text, Does.Match("defaults\n(  .*\n)*  option splice-request\n  option splice-response\nlisten "));
    }

    [Test]
    public void HAProxy_has_descriptors_left_for_many_routes() =>
        Assert.That(HAProxySetup.Text(PlaceFor(new Features { Routes = 5000 })), Does.Contain("maxconn 7300\n"));

    [Test]
    public void Clients_connect_to_the_last_of_many_routes_and_all_have_an_address_of_their_own()
    {
        Place place = PlaceFor(new Features { Routes = 5000 });

        string[] addresses = [.. Enumerable.Range(0, 5000).Select(place.AddressOf)];

        Assert.That(addresses[^1], Is.EqualTo("127.0.0.1:1001"));
        Assert.That(addresses, Is.Unique.And.All.Matches<string>(static address => IPEndPoint.TryParse(address, out _)));
        Assert.That(Options(place).GetProperty("Routes").EnumerateArray().Select(static route => route.GetProperty("Listen")[0].GetString()), Is.EqualTo(addresses));
    }

    [TestCase(1, 20)]
    [TestCase(200, 200)]
    public void The_names_that_clients_ask_for_are_the_last_of_the_routes(int routes, int names)
    {
        string[] all = CapturedHello.NamesOf(routes);

        Assert.That(all, Has.Length.EqualTo(names).And.Unique);
        Assert.That(all[^20..], Is.EqualTo(Enumerable.Range(0, 20).Select(CapturedHello.Name)));
    }

    [Test]
    public void Limits_are_those_of_the_same_denied_ranges_in_both()
    {
        Place place = PlaceFor(new Features { HasLimits = true });

        JsonElement route = Options(place).GetProperty("Routes")[0];
        string file = route.GetProperty("Access").GetProperty("DenyFiles")[0].GetString()!;
        Assert.That(File.ReadLines(file).Count(), Is.EqualTo(1000));
        Assert.That(route.GetProperty("ClientLimits").GetProperty("Connections").GetInt32(), Is.EqualTo(100_000));
        Assert.That(HAProxySetup.Text(place), Does.Contain($"src -f {file} }}"));
    }

    [Test]
    public void A_toxic_delays_answers_and_another_one_passes_requests_on_at_once()
    {
        JsonElement toxics = Options(PlaceFor(new Features { Latency = 100 })).GetProperty("Routes")[0].GetProperty("Toxics");

        Assert.That(toxics.EnumerateArray().Select(static toxic => (toxic.GetProperty("Stream").GetString(), toxic.GetProperty("Latency").GetString())), Is.EqualTo(
        [
            ("downstream", "100ms"), ("upstream", "0ms"),
        ]));
    }

    [Test]
    public void Without_features_ProxyCore_needs_no_file() => Assert.That(
        ProxyCoreSetup.Arguments(PlaceFor(Features.None), "OpenSsl"),
        Is.EqualTo(["--listen", "127.0.0.1:1001", "--upstream", "127.0.0.1:1002"]));

    private Place PlaceFor(Features features) =>
        new(LoadKind.Requests, Port: 1001, Upstream: 1002, _folder.FullName, TlsFiles.Write(_folder.FullName), KeyKind.P256, HandshakePort: 1003)
        {
            Features = features,
        };

    private static JsonElement Options(Place place) =>
        JsonDocument.Parse(File.ReadAllText(ProxyCoreSetup.Arguments(place, "OpenSsl")[1])).RootElement.GetProperty("ProxyCore");
}
