using System.Text.Json;
using System.Text.Json.Nodes;
using NJsonSchema;
using ProxyCore.Hosting;
using ProxyCore.Settings;
using ProxyCore.Tests.Structure;

namespace ProxyCore.Tests.Configuration;

/// <summary>The schema that editors complete by is made from the table of keys.</summary>
internal sealed class SchemaTests
{
    private static readonly string _file = Path.Combine(Repository.Command, "proxycore.schema.json");
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Test]
    public void Schema_is_the_one_that_the_table_gives()
    {
        string expected = Make().ToJsonString(_indented) + "\n";
        if (Environment.GetEnvironmentVariable("PROXYCORE_WRITE_SCHEMA") == "1")
        {
            File.WriteAllText(_file, expected);
        }

        Assert.That(
            File.ReadAllText(_file), Is.EqualTo(expected), "to write it anew: PROXYCORE_WRITE_SCHEMA=1 dotnet test --filter SchemaTests");
    }

    [TestCase("""{ "$schema": "./proxycore.schema.json", "ProxyCore": { "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "BufferSize": "64k", "Loops": 2, "Routes": [ { "Listen": ["8080"], "KeepAlive": "off", "Balancing": "OfMyOwn", "Upstreams": [ { "Address": "3000", "Backup": true } ] } ] } }""")]
    public async Task Good_file_is_valid(string json) => Assert.That(await MistakesIn(json), Is.Empty);

    [TestCase("""{ "ProxyCore": { "AccessLog": { "Format": "Yaml" }, "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { } }""")]
    [TestCase("""{ "ProxyCore": { "Routes": [ { "Listen": ["8080"] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Routes": [ { "Listen": "8080", "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Adress": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Routes": [ { "Listen": ["8080"], "ConnectTimeout": "2 s", "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Lops": 1, "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    public async Task Wrong_file_is_not(string json) => Assert.That(await MistakesIn(json), Is.Not.Empty);

    private static async Task<IEnumerable<string>> MistakesIn(string json)
    {
        JsonSchema schema = await JsonSchema.FromJsonAsync(await File.ReadAllTextAsync(_file));
        return schema.Validate(json).Select(static error => error.ToString());
    }

    private static JsonObject Make() => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = "Configuration of ProxyCore",
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["$schema"] = new JsonObject { ["type"] = "string" },
            ["ProxyCore"] = ObjectOf(ConfigurationKeys.Proxy, "What the proxy does."),
        },
        ["required"] = new JsonArray("ProxyCore"),
    };

    private static JsonObject ObjectOf(IReadOnlyList<ConfigurationKey> keys, string description)
    {
        var schema = new JsonObject
        {
            ["description"] = description,
            ["type"] = "object",
            ["properties"] = new JsonObject(keys.Select(static key => KeyValuePair.Create(key.Name, (JsonNode?)Of(key)))),
            ["additionalProperties"] = false,
        };
        string[] required = [.. keys.Select(static key => key.Name).Intersect(["Routes", "Listen", "Upstreams", "Address"])];
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray([.. required.Select(static name => (JsonNode)name)]);
        }

        return schema;
    }

    private static JsonObject Of(ConfigurationKey key)
    {
        JsonObject one = key.Kind is { } kind ? ValueOf(kind, key.Limits, key.Default) : ObjectOf(key.Below, key.Description);
        if (!key.IsList)
        {
            one["description"] = key.Description;
            return one;
        }

        one.Remove("description");
        return new JsonObject { ["description"] = key.Description, ["type"] = "array", ["items"] = one, ["minItems"] = 1 };
    }

    private static JsonObject ValueOf(string kind, Limits? limits, string? normal) => kind switch
    {
        "whole" => WithDefault(Between(new JsonObject { ["type"] = "integer" }, (CountLimits)limits!), normal is null ? null : JsonNode.Parse(normal)),
        "switch" => WithDefault(new JsonObject { ["type"] = "boolean" }, normal is null ? null : JsonNode.Parse(normal)),
        "duration" => WithDefault(Text($"^({Patterns.Durations((TimeLimits)limits!)})$"), normal),
        "duration or off" => WithDefault(Text($"^({Patterns.Durations((TimeLimits)limits!)}|off)$"), normal),
        "size" => WithDefault(
            Between(
                new JsonObject { ["type"] = new JsonArray("string", "integer"), ["pattern"] = $"^({Patterns.Sizes((CountLimits)limits!)})$" },
                (CountLimits)limits!),
            normal),
        "large size" => LargeSize((SizeLimits)limits!),
        "bytes" => WithDefault(
            new JsonObject { ["type"] = "string", ["maxLength"] = ((BytesLimits)limits!).Most, ["pattern"] = @"^[\u0000-\u00ff]*$" }, normal),
        "line format" => WithDefault(new JsonObject { ["enum"] = new JsonArray([.. Enum.GetNames<AccessLogFormat>().Select(static name => (JsonNode)name)]) }, normal),
        "balancing" => WithDefault(
            new JsonObject
            {
                ["anyOf"] = new JsonArray(
                    new JsonObject { ["enum"] = new JsonArray([.. ProxyCore.Upstreams.BuiltInPolicies.All.Keys.Select(static name => (JsonNode)name)]) },
                    new JsonObject { ["type"] = "string" }),
            },
            normal),
        _ => WithDefault(new JsonObject { ["type"] = "string" }, normal),
    };

    private static JsonObject LargeSize(SizeLimits limits) => new()
    {
        ["type"] = new JsonArray("string", "integer"),
        ["pattern"] = $"^0*([0-9]{{1,{limits.Digits}}}|[0-9]{{1,{limits.Digits - 3}}}[kK]|[0-9]{{1,{limits.Digits - 6}}}[mM]|[0-9]{{1,{limits.Digits - 9}}}[gG])$",
        ["minimum"] = 0,
        ["maximum"] = long.Parse(new string('9', limits.Digits), System.Globalization.CultureInfo.InvariantCulture),
    };

    private static JsonObject Between(JsonObject number, CountLimits limits)
    {
        number["minimum"] = limits.Least;
        number["maximum"] = limits.Most;
        return number;
    }

    private static JsonObject Text(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    private static JsonObject WithDefault(JsonObject schema, JsonNode? normal)
    {
        if (normal is not null)
        {
            schema["default"] = normal;
        }

        return schema;
    }
}
