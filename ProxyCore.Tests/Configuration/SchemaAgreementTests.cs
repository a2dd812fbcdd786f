using NJsonSchema;
using ProxyCore.Tests.Structure;

namespace ProxyCore.Tests.Configuration;

/// <summary>The schema and the program say the same of a file, but for what the documentation lists.</summary>
internal sealed class SchemaAgreementTests
{
    // Under "What the schema does not say" in docs/configuration.md.
    private static readonly string[] _onlyTheProgramSays =
    [
        "is given twice", "already", "overlaps with", "is a link-local address", "is no name that has several addresses",
        "must not be less than OutTime", "has no valid IPv6 address", "is too long", "has bits set after the first",
        "Passthrough", "needs TLS on each endpoint", "clients are asked for a certificate", "are not asked for a certificate",
        "differs between the endpoints", "a Unix socket has no name", "must have Client alone", "must have at most 32 protocols",
        "to less than AverageSize", "need SendProxyProtocol V2", "must have from 1 to 200 characters", "needs Balancing ClientHash",
        "needs HashTlv", "needs HashBy ProxyTlv", "have weights of their own", "must not be less than MinTtl", "is no server of the DNS", "has no meaning without Tls", "must have at most 8 servers",
    ];

    private const string Tls = "\"Tls\": { \"Certificates\": [ { \"Certificate\": \"a.pem\" } ] },";

    private JsonSchema _schema = null!;

    [OneTimeSetUp]
    public async Task ReadSchema() =>
        _schema = await JsonSchema.FromJsonAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Command, "proxycore.schema.json")));

    [Test]
    public void Both_accept_a_good_file([Range(1, 100)] int seed)
    {
        string json = new GeneratedConfiguration(seed).Good().ToJsonString();

        Assert.That(FileText.ErrorsIn(json), Is.Empty, json);
        Assert.That(_schema.Validate(json), Is.Empty, json);
    }

    [Test]
    public void Both_say_the_same_of_a_changed_file([Range(1, 40)] int seed)
    {
        for (int i = 0; i < 50; i++)
        {
            string json = new GeneratedConfiguration((seed * 1000) + i).Mutated().ToJsonString();
            string[] ofProgram = FileText.ErrorsIn(json);
            string[] ofSchema = [.. _schema.Validate(json).Select(static error => error.ToString())];

            bool agree = ofSchema.Length == 0
                ? ofProgram.All(static error => Array.Exists(_onlyTheProgramSays, error.Contains))
                : ofProgram.Length > 0;
            Assert.That(agree, Is.True, $"{json}\nthe program: {string.Join("; ", ofProgram)}\nthe schema: {string.Join("; ", ofSchema)}");
        }
    }

    [TestCase("\"[:::1]:80\"", "has no valid IPv6 address")]
    [TestCase("\"[fe80::1]:80\"", "is a link-local address")]
    [TestCase("\"localhost:8080\"", "is listened on already")]
    [TestCase("\"*:8080\"", "overlaps with")]
    public void What_only_the_program_says_passes_the_schema(string listen, string cause)
    {
        string json = $$"""{ "ProxyCore": { "Routes": [ { "Listen": ["8080", {{listen}}], "Upstreams": [ { "Address": "3000" } ] } ] } }""";

        Assert.That(_schema.Validate(json), Is.Empty);
        Assert.That(FileText.ErrorsIn(json), Has.One.Contains(cause));
    }

    [TestCase("", "\"ClientCertificates\": \"Required\"", "needs TLS on each endpoint")]
    [TestCase("", "\"Tls\": \"Passthrough\"", "is Passthrough, which needs an endpoint with Tls")]
    [TestCase(Tls, "\"Tls\": \"Passthrough\"", "is Passthrough, as of all routes")]
    [TestCase(Tls, "\"Tls\": \"Passthrough\", \"ClientCertificates\": \"None\"", "can't be given with Passthrough")]
    [TestCase(Tls, "\"ClientCertificates\": \"Required\"", "clients are asked for a certificate")]
    [TestCase(Tls, "\"ClientCa\": \"ca.pem\"", "are not asked for a certificate")]
    [TestCase("", "\"Upstreams\": [ { \"Address\": \"unix:/a\", \"Tls\": { } } ]", "a Unix socket has no name")]
    [TestCase("", "\"Upstreams\": [ { \"Address\": \"1\", \"Tls\": { \"Alpn\": [\"h2\", \"client\"] } } ]", "must have Client alone")]
    public void What_only_the_program_says_of_TLS_passes_the_schema(string listen, string route, string cause)
    {
        string upstreams = route.Contains("Upstreams") ? "" : "\"Upstreams\": [ { \"Address\": \"3000\" } ],";
        string json = $$"""{ "ProxyCore": { "Routes": [ { "Listen": [ { {{listen}} "Address": "8080" } ], {{upstreams}} {{route}} } ] } }""";

        Assert.That(_schema.Validate(json), Is.Empty);
        Assert.That(FileText.ErrorsIn(json), Has.Some.Contains(cause));
    }
}
