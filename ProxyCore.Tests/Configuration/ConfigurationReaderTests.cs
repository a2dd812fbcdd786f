using System.Text;
using Microsoft.Extensions.Configuration;
using ProxyCore.Hosting;

namespace ProxyCore.Tests.Configuration;

internal sealed class ConfigurationReaderTests
{
    private const string Whole =
        """
        { "ProxyCore": {
            "Loops": 2, "MaxConnections": 10000, "DrainTimeout": "1m", "BufferSize": "64k", "MaxPendingBytes": "2g", "ParkIdleSockets": false,
            "Routes": [
              { "Name": "web", "Listen": ["127.0.0.1:8080", "unix:/tmp/web"], "Balancing": "LeastConnections",
                "Upstreams": [
                  { "Address": "web.example:80", "Weight": 3, "MaxConnections": 100, "EachAddress": true },
                  { "Address": "127.0.0.1:3001", "Backup": true } ],
                "ConnectTimeout": "2s", "ConnectAttempts": 5, "QueueLimit": 7, "QueueTimeout": "3s", "ResolveInterval": "1m",
                "RetryBudget": { "Share": 0.1, "Minimum": 3 },
                "PassiveHealth": { "Failures": 1, "OutTime": "1s", "MaxOutTime": "2s", "MaxOutShare": 0.25 },
                "HealthCheck": { "Interval": "10s", "Timeout": "500ms", "Rise": 1, "Fall": 4, "Send": "PING\r\n", "Expect": "+PONG", "EndSessions": true },
                "TryWhenAllOut": true, "SlowStart": "30s", "IdleTimeout": "2h", "HalfCloseTimeout": "5s", "MaxLifetime": "3h", "OnMaxLifetime": "Fin", "Backlog": 9, "NoDelay": false, "KeepAlive": "off",
                "Bandwidth": { "ToClient": "1m", "ToUpstream": 2048, "Burst": "64k", "Per": "client" } },
              { "listen": ["9000"], "UPSTREAMS": [ { "address": "9001" } ], "Balancing": "clienthash", "HashBy": "servername", "keepalive": "2m" } ] } }
        """;

    private const string Minimal = """{ "ProxyCore": { "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ] } ] } }""";

    [Test]
    public void Every_key_is_read()
    {
        TcpProxyOptions options = Read(Whole);

        Assert.That(options.MaxPendingBytes, Is.EqualTo(2L << 30));
        Assert.That(
            (options.Loops, options.MaxConnections, options.DrainTimeout, options.BufferSize, options.ParkIdleSockets),
            Is.EqualTo((2, (int?)10000, TimeSpan.FromMinutes(1), 65536, false)));
        RouteOptions web = options.Routes[0];
        Assert.That((web.Name, web.Balancing), Is.EqualTo(("web", "LeastConnections")));
        Assert.That(web.Listen.Select(static one => one.Address), Is.EqualTo(["127.0.0.1:8080", "unix:/tmp/web"]));
        Assert.That(
            web.Upstreams.Select(static one => (one.Address, one.Weight, one.MaxConnections, one.Backup, one.EachAddress)),
            Is.EqualTo([("web.example:80", 3, (int?)100, false, true), ("127.0.0.1:3001", 1, null, true, false)]));
        Assert.That(
            (web.ConnectTimeout, web.ConnectAttempts, web.QueueLimit, web.QueueTimeout, web.ResolveInterval),
            Is.EqualTo((Seconds(2), 5, 7, Seconds(3), Seconds(60))));
        Assert.That(
            (web.PassiveHealth.Failures, web.PassiveHealth.OutTime, web.PassiveHealth.MaxOutTime),
            Is.EqualTo((1, Seconds(1), Seconds(2))));
        Assert.That(web.PassiveHealth.MaxOutShare, Is.EqualTo(0.25));
        Assert.That((web.RetryBudget!.Share, web.RetryBudget.Minimum), Is.EqualTo((0.1, 3)));
        HealthCheckOptions check = web.HealthCheck!;
        Assert.That(
            (check.Interval, check.Timeout, check.Rise, check.Fall, check.Send, check.Expect, check.EndSessions),
            Is.EqualTo((Seconds(10), Seconds(0.5), 1, 4, "PING\r\n", "+PONG", true)));
        Assert.That(
            (web.TryWhenAllOut, web.SlowStart, web.IdleTimeout, web.HalfCloseTimeout, web.Backlog, web.NoDelay, web.KeepAlive),
            Is.EqualTo((true, Seconds(30), Seconds(7200), Seconds(5), 9, false, (TimeSpan?)null)));
        Assert.That((web.MaxLifetime, web.OnMaxLifetime), Is.EqualTo(((TimeSpan?)Seconds(10800), LifetimeAction.Fin)));
        BandwidthOptions bandwidth = web.Bandwidth!;
        Assert.That(
            (bandwidth.ToClient, bandwidth.ToUpstream, bandwidth.Burst, bandwidth.Per),
            Is.EqualTo((1L << 20, 2048L, 1L << 16, BandwidthScope.Client)));
    }

    [Test]
    public void Keys_are_read_whatever_their_case_and_what_is_not_said_is_the_default()
    {
        RouteOptions route = Read(Whole).Routes[1];
        var defaults = new RouteOptions();

        Assert.That((route.Listen.Single().Address, route.Upstreams.Single().Address, route.KeepAlive), Is.EqualTo(("9000", "9001", (TimeSpan?)Seconds(120))));
        Assert.That(
            (route.ConnectTimeout, route.HealthCheck, route.NoDelay),
            Is.EqualTo((defaults.ConnectTimeout, defaults.HealthCheck, defaults.NoDelay)));
        Assert.That((route.Balancing, route.HashBy), Is.EqualTo(("clienthash", ClientHashKey.ServerName)));
    }

    [TestCase("\"Loops\": \"many\"", "Loops: 'many' is no whole number")]
    [TestCase("\"Loops\": 65", "Loops: must be from 1 to 64")]
    [TestCase("\"Loops\": [1]", "Loops: must be one value, not a list or an object")]
    [TestCase("\"Lops\": 1", "Lops: unknown key; did you mean Loops?")]
    [TestCase("\"Threads\": 1", "Threads: unknown key")]
    [TestCase("\"DrainTimeout\": 5", "DrainTimeout: '5' is no duration: write a whole number and its unit, as in 500ms, 5s, 2m or 1h")]
    [TestCase("\"BufferSize\": \"12q\"", "BufferSize: '12q' is no size: write a number of bytes, as in 65536, 64k or 1m")]
    [TestCase("\"ParkIdleSockets\": \"maybe\"", "ParkIdleSockets: 'maybe' is neither true nor false")]
    [TestCase("\"Loops\": \"\\u001b[31m\"", "Loops: '?[31m' is no whole number")]
    public void A_mistake_is_told_with_its_path(string line, string expected) =>
        Assert.That(ValidationErrors(Minimal.Replace("\"Routes\"", $"{line}, \"Routes\"", StringComparison.Ordinal)), Is.EqualTo([expected]));

    [TestCase("\"Upstreams\": 5", "Routes:0:Upstreams: must be a list, not '5'")]
    [TestCase("\"Upstreams\": { \"a\": {} }", "Routes:0:Upstreams:a: must be a list: the key is no number")]
    [TestCase("\"Upstreams\": [ \"3000\" ]", "Routes:0:Upstreams:0: must have keys below it, not the value '3000'")]
    [TestCase("\"Upstreams\": [ { \"Address\": \"3000\", \"Weight\": 1.5 } ]", "Routes:0:Upstreams:0:Weight: '1.5' is no whole number")]
    [TestCase("\"Upstreams\": [ { \"Adress\": \"3000\" } ]", "Routes:0:Upstreams:0:Adress: unknown key; did you mean Address?")]
    [TestCase("\"Upstreams\": [ { \"Address\": \"no\" } ]", "Routes:0:Upstreams:0:Address: 'no' is no endpoint: expected PORT, HOST:PORT or unix:/path")]
    [TestCase("\"HealthCheck\": \"yes\", \"Upstreams\": [ { \"Address\": \"3000\" } ]", "Routes:0:HealthCheck: must have keys below it, not the value 'yes'")]
    public void A_mistake_below_is_told_first_with_its_path(string lines, string expected) =>
        Assert.That(ValidationErrors($"{{ \"ProxyCore\": {{ \"Routes\": [ {{ \"Listen\": [\"8080\"], {lines} }} ] }} }}")[0], Is.EqualTo(expected));

    [Test]
    public void All_mistakes_are_told_at_once_and_none_twice()
    {
        string[] errors = ValidationErrors(
            """
            { "ProxyCore": { "Loops": 0, "Routes": [
                { "Listen": ["8080"], "Upstreams": [ { "Address": "3000", "Weight": "two" } ], "IdleTimeout": "0s" },
                { "Listen": ["8080"], "Upstreams": [ { "Address": "*:1" } ], "ConnectTimeout": "x" } ] } }
            """);

        Assert.That(errors.Select(static line => line[..line.IndexOf(": ", StringComparison.Ordinal)]), Is.EquivalentTo(
        [
            "Loops", "Routes:0:Upstreams:0:Weight", "Routes:0:IdleTimeout", "Routes:1:Listen:0", "Routes:1:Upstreams:0:Address",
            "Routes:1:ConnectTimeout",
        ]));
    }

    [Test]
    public void No_more_than_a_hundred_mistakes_are_told()
    {
        string keys = string.Join(",", Enumerable.Range(0, 500).Select(static i => $"\"Unknown{i}\": 1"));

        string[] errors = ValidationErrors(Minimal.Replace("\"Routes\"", $"{keys}, \"Routes\"", StringComparison.Ordinal));

        Assert.That(errors, Has.Length.EqualTo(101));
        Assert.That(errors[^1], Is.EqualTo("and 400 mistakes more"));
    }

    [TestCase("""{ "ProxyCore": "text" }""", "ProxyCore: must have keys below it, not the value 'text'")]
    [TestCase("""{ "ProxyCore": [] }""", "ProxyCore: must have keys below it, not the value ''")]
    public void A_section_that_is_a_value_is_reported(string json, string expected) =>
        Assert.That(ValidationErrors(json), Has.Some.EqualTo(expected));

    [Test]
    public void A_variable_of_another_program_that_is_called_like_the_section_is_not_read()
    {
        IConfigurationRoot configuration = Json(new ConfigurationBuilder(), Minimal)
            .AddInMemoryCollection([KeyValuePair.Create("PROXYCORE", (string?)"x")])
            .Build();

        Assert.That(configuration.GetSection("ProxyCore").ErrorsIn(new TcpProxyOptions()).Lines, Is.Empty);
    }

    // The library that a host reads its configuration with gives null and {} as the same, and [] as an empty text.
    [TestCase("\"Loops\": null", "Loops: must not be null or {}")]
    [TestCase("\"Loops\": {}", "Loops: must not be null or {}")]
    [TestCase("\"Loops\": []", "Loops: '' is no whole number")]
    [TestCase("\"AccessLog\": null", "AccessLog: is null or {}, which look the same here: leave it out, or give it a key")]
    [TestCase("\"AccessLog\": {}", "AccessLog: is null or {}, which look the same here: leave it out, or give it a key")]
    [TestCase("\"AccessLog\": []", "AccessLog: must have keys below it, not the value ''")]
    public void Nothing_in_the_place_of_something_is_reported(string line, string expected) =>
        Assert.That(ValidationErrors(Minimal.Replace("\"Routes\"", $"{line}, \"Routes\"", StringComparison.Ordinal)), Is.EqualTo([expected]));

    [Test]
    public void Items_behind_a_gap_are_reported_with_their_numbers()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            KeyValuePair.Create("Routes:5:Listen:3", (string?)"bad"),
            KeyValuePair.Create("Routes:5:Upstreams:00:Address", (string?)"1"),
            KeyValuePair.Create("Routes:5:Upstreams:7:Address", (string?)"bad"),
            KeyValuePair.Create("Routes:10:Backlog", (string?)"0"),
        ]).Build();

        Assert.That(configuration.ErrorsIn(new TcpProxyOptions()).Lines.Select(static line => line[..line.IndexOf(": ", StringComparison.Ordinal)]), Is.EquivalentTo(
        [
            "Routes:5:Upstreams:00", "Routes:5:Listen:3", "Routes:5:Upstreams:7:Address", "Routes:10:Backlog", "Routes:10:Listen", "Routes:10:Upstreams",
        ]));
    }

    [Test]
    public void A_listener_is_a_text_or_an_object_and_a_later_source_may_add_keys_to_a_text()
    {
        IConfigurationRoot configuration = Json(
                new ConfigurationBuilder(),
                """{ "ProxyCore": { "Routes": [ { "Listen": ["8080", { "Address": "8081" }, "8082"], "Upstreams": [ { "Address": "3000" } ] } ] } }""")
            .AddInMemoryCollection([KeyValuePair.Create("ProxyCore:Routes:0:Listen:2:Address", (string?)"8083")])
            .Build();
        var options = new TcpProxyOptions();

        Assert.That(configuration.GetSection("ProxyCore").ErrorsIn(options).Lines, Is.Empty);
        Assert.That(options.Routes[0].Listen.Select(static listen => listen.Address), Is.EqualTo(["8080", "8081", "8083"]));
    }

    [Test]
    public void Nothing_configured_is_a_mistake() =>
        Assert.That(ValidationErrors("{}"), Is.EqualTo(["Routes: at least one route is needed"]));

    [Test]
    public void Later_sources_override_earlier_ones()
    {
        IConfigurationRoot configuration = Json(new ConfigurationBuilder(), Minimal)
            .AddInMemoryCollection([KeyValuePair.Create("ProxyCore:Routes:0:Upstreams:0:Address", (string?)"4000")])
            .AddInMemoryCollection([KeyValuePair.Create("ProxyCore:Routes:0:Listen:1", (string?)"8081")])
            .Build();
        var options = new TcpProxyOptions();

        Assert.That(configuration.GetSection("ProxyCore").ErrorsIn(options).Lines, Is.Empty);
        Assert.That(options.Routes[0].Upstreams[0].Address, Is.EqualTo("4000"));
        Assert.That(options.Routes[0].Listen.Select(static one => one.Address), Is.EqualTo(["8080", "8081"]));
    }

    [Test]
    public void Whatever_is_configured_is_read_or_told_and_nothing_throws()
    {
        var random = new Random(20261124);
        string[] names = [.. ConfigurationKeys.Proxy.SelectMany(AllNames), "0", "1", "7", "x", "", "$", "Route"];
        string?[] values = ["", "1", "-1", "5s", "99999999999999999999", "true", "off", "64k", "8080", "*:0", "unix:", "\0", "é€", null, new string('9', 5000)];
        for (int i = 0; i < 3000; i++)
        {
            IEnumerable<KeyValuePair<string, string?>> pairs = Enumerable.Range(0, random.Next(1, 30)).Select(_ => KeyValuePair.Create(
                string.Join(':', Enumerable.Range(0, random.Next(1, 7)).Select(depth => depth == 0 && random.Next(3) > 0 ? "Routes" : names[random.Next(names.Length)])),
                values[random.Next(values.Length)])).DistinctBy(static pair => pair.Key);
            IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(pairs).Build();

            Assert.That(() => configuration.ErrorsIn(new TcpProxyOptions()).Lines.ToArray(), Throws.Nothing);
        }
    }

    private static IEnumerable<string> AllNames(ConfigurationKey key) => key.Below.SelectMany(AllNames).Prepend(key.Name);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static TcpProxyOptions Read(string json)
    {
        var options = new TcpProxyOptions();
        Assert.That(Section(json).ErrorsIn(options).Lines, Is.Empty);
        return options;
    }

    private static string[] ValidationErrors(string json) => [.. Section(json).ErrorsIn(new TcpProxyOptions()).Lines];

    private static IConfigurationSection Section(string json) => Json(new ConfigurationBuilder(), json).Build().GetSection("ProxyCore");

    private static IConfigurationBuilder Json(ConfigurationBuilder builder, string json) =>
        builder.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)));
}
