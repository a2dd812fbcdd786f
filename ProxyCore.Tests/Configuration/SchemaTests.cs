using System.Text.Json;
using NJsonSchema;
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
        string expected = Schema.Make().ToJsonString(_indented) + "\n";
        if (Environment.GetEnvironmentVariable("PROXYCORE_WRITE_SCHEMA") == "1")
        {
            File.WriteAllText(_file, expected);
        }

        Assert.That(
            File.ReadAllText(_file), Is.EqualTo(expected), "to write it anew: PROXYCORE_WRITE_SCHEMA=1 dotnet test --filter SchemaTests");
    }

    [TestCase("""{ "$schema": "./proxycore.schema.json", "ProxyCore": { "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "BufferSize": "64k", "Loops": 2, "Routes": [ { "Listen": ["8080"], "KeepAlive": "off", "Balancing": "clienthash", "Upstreams": [ { "Address": "3000", "Backup": true } ] } ] } }""")]
    [TestCase("""{ "Logging": { "x": 1 }, "ProxyCore": { "Routes": [ { "Listen": [8080, { "Address": "*:80" }], "HealthCheck": null, "IdleTimeout": "00:00:05", "Upstreams": [ { "Address": "a.example:3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "ToxicSeed": 7, "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ], "Toxics": [ { "Type": "latency", "Latency": "300ms", "Toxicity": 0.5 }, { "Type": "REFUSE", "End": "fin" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Dns": { "Servers": ["10.0.0.53", "[::1]:5353"], "MinTtl": "10s" }, "Routes": [ { "Listen": ["8080"], "Balancing": "ClientHash", "HashBy": "ProxyTlv", "HashTlv": "0xE0", "Upstreams": [ { "Address": "srv:_pg._tcp.example" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Shared": { "Redis": { "Endpoints": ["redis.example:6379", 6380, "unix:/run/redis.sock"] } }, "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    public async Task Good_file_is_valid(string json) => Assert.That(await MistakesIn(json), Is.Empty);

    [TestCase("""{ "ProxyCore": { "AccessLog": { "Format": "Yaml" }, "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { } }""")]
    [TestCase("""{ "ProxyCore": { "Routes": [ { "Listen": ["8080"] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Routes": [ { "Listen": "8080", "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Adress": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Routes": [ { "Listen": ["8080"], "ConnectTimeout": "2 s", "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Lops": 1, "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCor": {}, "ProxyCore": { "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Routes": [ { "Listen": ["a.example:8080"], "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Routes": [ { "Listen": [ { } ], "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Routes": [ { "Listen": ["8080"], "Balancing": "OfMyOwn", "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Routes": [ { "Listen": ["8080"], "PassiveHealth": null, "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Routes": [ { "Name": 5, "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ], "Toxics": [ { "Latency": "300ms" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ], "Toxics": [ { "Type": "refuse", "Latency": "300ms" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ], "Toxics": [ { "Type": "latency", "Toxicity": 1.5 } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Dns": { "Servers": ["dns.example"] }, "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "srv:_pg._tcp.example:5432" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Shared": {}, "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Shared": { "Redis": null }, "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    [TestCase("""{ "ProxyCore": { "Shared": { "Redis": { "Endpoints": ["srv:_redis._tcp.example"] } }, "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ] } ] } }""")]
    public async Task Wrong_file_is_not(string json) => Assert.That(await MistakesIn(json), Is.Not.Empty);

    private static async Task<IEnumerable<string>> MistakesIn(string json)
    {
        JsonSchema schema = await JsonSchema.FromJsonAsync(await File.ReadAllTextAsync(_file));
        return schema.Validate(json).Select(static error => error.ToString());
    }
}
