using System.Text.Json.Nodes;
using NJsonSchema;
using ProxyCore.Cli;
using ProxyCore.Hosting;
using ProxyCore.Settings;
using ProxyCore.Tests.Structure;

namespace ProxyCore.Tests.Configuration;

/// <summary>At the limits of each key the schema says what the check of options says.</summary>
internal sealed class LimitsTests
{
    private JsonSchema _schema = null!;

    [OneTimeSetUp]
    public async Task ReadSchema() =>
        _schema = await JsonSchema.FromJsonAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Command, "proxycore.schema.json")));

    [Test]
    public void Every_number_and_time_has_limits() => Assert.That(
        Keys().Where(static key => key.Key.Kind is not (null or "text" or "path" or "file" or "host name" or "address range" or "switch" or "balancing" or "choice" or "sender" or "server name" or "application protocol" or "listen endpoint" or "upstream endpoint" or "server endpoint" or "seed" or "TLV type" or "dns server" or "prefix") && key.Key.Limits is null).Select(static key => key.Path),
        Is.Empty);

    [TestCaseSource(nameof(Values))]
    public void Schema_and_check_agree(string path, string value, bool isAllowed)
    {
        string json = With(path, JsonNode.Parse(value)!);

        Assert.Multiple(() =>
        {
            Assert.That(FileText.ErrorsIn(json), isAllowed ? Is.Empty : Is.Not.Empty, "the check");
            Assert.That(_schema.Validate(json), isAllowed ? Is.Empty : Is.Not.Empty, "the schema");
        });
    }

    private static IEnumerable<TestCaseData> Values() =>
        from key in Keys()
        where key.Key.Limits is not null
        from value in Around(key.Key.Limits!, isSize: key.Key.Kind == "size")
        let text = key.Key.IsList ? $"[{value.Value}]" : value.Value
        select new TestCaseData(key.Path, text, value.IsAllowed)
            .SetArgDisplayNames(key.Path, value.Value.Length < 40 ? value.Value : $"{value.Value.Length} characters");

    private static IEnumerable<(string Value, bool IsAllowed)> Around(Limits limits, bool isSize) => limits switch
    {
        CountLimits count when isSize => Around(count).Concat(Around(count).Select(static one => ($"\"{one.Value}\"", one.IsAllowed)))
            .Concat([("\"1k\"", count.Allow(1024)), ("\"0k\"", count.Allow(0)), ("\"16m\"", count.Allow(16 << 20)), ("\"17M\"", count.Allow(17 << 20))]),
        CountLimits count => Around(count).Concat(Around(count).Select(static one => ($"\"{one.Value}\"", one.IsAllowed))),
        TimeLimits time => Around(time).Distinct(),
        SizeLimits size =>
        [
            ("-1", false), ("0", true), (new string('9', size.Digits), true), ("1" + new string('0', size.Digits), false), ("\"\"", false),
            ("\"00064k\"", true), ("\"2g\"", true), ("\"2x\"", false), ($"\"{new string('9', size.Digits - 9)}G\"", true), ($"\"1{new string('0', size.Digits - 9)}g\"", false),
        ],
        ShareLimits =>
        [
            ("-0.01", false), ("0", true), ("1", true), ("1.01", false), ("1e-3", true), ("\"0.25\"", true), ("\"1.0\"", true), ("\"00.5\"", true),
            ("\"1.5\"", false), ("\".5\"", false), ("\"0.\"", false), ("\"-0.1\"", false), ("\"NaN\"", false), ("\"\"", false), ("\"50%\"", false), ("true", false),
        ],
        RateLimits rate =>
        [
            ("\"0/s\"", false), ("\"1/s\"", true), ($"\"{rate.MostCount}/m\"", true), ($"\"{rate.MostCount + 1L}/m\"", false), ("\"0010/h\"", true),
            ("\"10/d\"", false), ("\"10/S\"", false), ("\"10\"", false), ("\"/s\"", false), ("\"+1/s\"", false), ("\" 1/s\"", false), ("10", false),
        ],
        BytesLimits bytes =>
        [
            ($"\"{new string('x', bytes.Most)}\"", true), ($"\"{new string('x', bytes.Most + 1)}\"", false), ("\"\u00ff\"", true), ("\"\u0100\"", false),
        ],
        _ => throw new NotSupportedException($"{limits.GetType()}"),
    };

    private static IEnumerable<(string Value, bool IsAllowed)> Around(CountLimits limits) =>
    [
        ($"{limits.Least - 1L}", false), ($"{limits.Least}", true), ($"{limits.Most}", true), ($"{limits.Most + 1L}", false),
    ];

    // In each unit the numbers beside the limits; and what is no whole number of seconds.
    private static IEnumerable<(string Value, bool IsAllowed)> Around(TimeLimits limits)
    {
        foreach (TimeSpan time in new[]
        {
            TimeSpan.Zero, TimeSpan.FromTicks(1), TimeSpan.FromTicks(9999), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(999),
            TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.5), limits.Most - TimeSpan.FromTicks(1), limits.Most - TimeSpan.FromSeconds(1),
            limits.Most, limits.Most + TimeSpan.FromTicks(1), limits.Most + TimeSpan.FromSeconds(1), limits.Most + TimeSpan.FromDays(1),
        })
        {
            yield return ($"\"{time:c}\"", limits.Allow(time));
        }

        foreach ((string name, TimeSpan unit) in new[]
        {
            ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)),
        })
        {
            long least = limits.Least.Ticks / unit.Ticks;
            long most = limits.Most.Ticks / unit.Ticks;
            foreach (long count in new[] { least, least + 1, most - 1, most, most + 1, 1500 })
            {
                yield return ($"\"{count}{name}\"", limits.Allow(count * unit));
            }
        }
    }

    private static IEnumerable<(string Path, ConfigurationKey Key)> Keys() => Below("", [.. ConfigurationKeys.Proxy, .. CommandOptions.Keys]);

    private static IEnumerable<(string Path, ConfigurationKey Key)> Below(string path, IReadOnlyList<ConfigurationKey> keys) =>
        keys.SelectMany(key => Below($"{path}{key.Name}{(key.IsList ? ":0" : "")}:", key.Below)
            .Concat(key.Variants.SelectMany((variant, place) => Below($"{path}{key.Name}:{place}:", variant.Keys)))
            .Prepend(($"{path}{key.Name}", key)));

    private static string With(string path, JsonNode value)
    {
        JsonNode root = JsonNode.Parse("""
            { "ProxyCore": { "ClientLimits": { }, "Dns": { "MinTtl": "1s", "MaxTtl": "8760h" }, "Routes": [ {
                "Listen": [ { "Address": "8080", "ProxyProtocol": { "From": ["unix"] }, "Tls": { "Certificates": [ { "Certificate": "a.pem" } ] } } ], "Upstreams": [ { "Address": "3000" } ], "HealthCheck": { }, "RetryBudget": { }, "ClientLimits": { }, "Bandwidth": { },
                "PassiveHealth": { "OutTime": "00:00:00.0000001", "MaxOutTime": "8760h" } } ] } }
            """)!;
        root["ProxyCore"]!["Routes"]![0]!["Toxics"] = new JsonArray([.. ToxicKeys.Types.Select(static one => ToxicOf(one.Name))]);
        string[] names = path.Split(':');
        JsonNode parent = names[..^1].Aggregate(root["ProxyCore"]!, static (node, name) => node is JsonArray list ? list[int.Parse(name)]! : node[name]!);
        parent[names[^1]] = value;
        return root.ToJsonString();
    }

    // A variation may have its own limits only beside the largest size.
    private static JsonObject ToxicOf(string type) =>
        type == "slicer" ? new JsonObject { ["Type"] = type, ["AverageSize"] = int.MaxValue } : new JsonObject { ["Type"] = type };
}
