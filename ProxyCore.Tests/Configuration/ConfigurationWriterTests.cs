using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProxyCore.Hosting;

namespace ProxyCore.Tests.Configuration;

/// <summary>Options are written as a file would have them.</summary>
internal sealed class ConfigurationWriterTests
{
    private static readonly string[] _ofSecrets = ["password", "secret", "token"];

    [Test]
    public void What_is_written_is_read_as_the_same([Range(1, 40)] int seed)
    {
        JsonNode file = new GeneratedConfiguration(seed).Good();
        ForgetSecrets(file);
        string written = Write(FileText.OptionsOf(file.ToJsonString()));

        Assert.That(Write(FileText.OptionsOf(written)), Is.EqualTo(written));
        Assert.That(written, Does.Not.Contain(ConfigurationWriter.LeftOut));
    }

    [Test]
    public void Only_what_differs_from_the_defaults_is_written()
    {
        TcpProxyOptions options = FileText.OptionsOf("""
            { "ProxyCore": { "Loops": 1, "Routes": [ { "Listen": ["8080"], "KeepAlive": "off", "ConnectTimeout": "2500ms", "HealthCheck": {},
                "Upstreams": [ { "Address": "3000", "Weight": 2, "Backup": false } ] } ] } }
            """);

        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(Write(options)), JsonNode.Parse("""
            { "ProxyCore": { "Routes": [ { "Listen": [ { "Address": "8080" } ], "Upstreams": [ { "Address": "3000", "Weight": 2 } ],
                "ConnectTimeout": "2500ms", "HealthCheck": {}, "KeepAlive": "off" } ] } }
            """)), Write(options));
    }

    [Test]
    public void What_a_check_sends_may_log_in_and_is_left_out()
    {
        TcpProxyOptions options = FileText.OptionsOf("""
            { "ProxyCore": { "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ],
                "HealthCheck": { "Send": "AUTH kept-to-oneself\r\nPING\r\n", "Expect": "+PONG" } } ] } }
            """);

        Assert.That(Write(options), Does.Not.Contain("kept-to-oneself").And.Contain(ConfigurationWriter.LeftOut).And.Contain("PONG"));
    }

    /// <summary>Where secrets are kept is shown, in the names of files; a value itself must be marked as a secret.</summary>
    [Test]
    public void Every_key_that_sounds_like_a_secret_is_one_or_names_a_file() => Assert.That(
        All(ConfigurationKeys.Proxy).Where(static key =>
            _ofSecrets.Any(word => key.Name.Contains(word, StringComparison.OrdinalIgnoreCase))
            && !key.Name.EndsWith("File", StringComparison.Ordinal) && !key.IsSecret).Select(static key => key.Name),
        Is.Empty);

    private static IEnumerable<ConfigurationKey> All(IEnumerable<ConfigurationKey> keys) =>
        keys.SelectMany(static key => All(key.Below).Concat(key.Variants.SelectMany(static one => one.Keys)).Prepend(key));

    private static void ForgetSecrets(JsonNode file)
    {
        foreach (JsonNode? route in file["ProxyCore"]!["Routes"]!.AsArray())
        {
            (route!["HealthCheck"] as JsonObject)?.Remove("Send");
        }
    }

    private static string Write(TcpProxyOptions options)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WritePropertyName("ProxyCore");
            ConfigurationWriter.Write(json, options);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }
}
