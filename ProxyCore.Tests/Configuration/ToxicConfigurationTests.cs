namespace ProxyCore.Tests.Configuration;

/// <summary>Toxics in a configuration file: what each type is read into, and what is said of mistakes.</summary>
internal sealed class ToxicConfigurationTests
{
    [TestCase(""" "Type": "latency", "Latency": "300ms", "Jitter": "20ms", "MaxHeld": "1m" """, "latency latency=300ms jitter=20ms maxHeld=1048576")]
    [TestCase(""" "Type": "bandwidth", "BytesPerSecond": "100k" """, "bandwidth rate=102400B/s")]
    [TestCase(""" "Type": "bandwidth", "BytesPerSecond": 0 """, "bandwidth rate=0B/s")]
    [TestCase(""" "Type": "slow_close", "Delay": "1s" """, "slow_close delay=1000ms")]
    [TestCase(""" "Type": "timeout", "Timeout": "0s" """, "timeout timeout=0ms")]
    [TestCase(""" "Type": "close", "Delay": "1s", "End": "fin" """, "close end=Fin delay=1000ms")]
    [TestCase(""" "Type": "slicer", "AverageSize": 64, "SizeVariation": 16, "Delay": "1ms" """, "slicer averageSize=64 sizeVariation=16 delay=1ms")]
    [TestCase(""" "Type": "limit_data", "Bytes": "2g" """, "limit_data bytes=2147483648")]
    [TestCase(""" "Type": "connect_delay", "Delay": "2s" """, "connect_delay delay=2000ms")]
    [TestCase(""" "Type": "REFUSE", "End": "Fin" """, "refuse end=Fin")]
    [TestCase(""" "Type": "Swallow" """, "swallow")]
    [TestCase(""" "Type": "corrupt", "Share": 0.01 """, "corrupt share=0.01")]
    [TestCase(""" "type": "cut", "AFTER": "1m", "end": "reset" """, "cut after=60000ms end=Reset")]
    [TestCase(""" "Type": "stall" """, "stall")]
    [TestCase(""" "Type": "noop" """, "noop")]
    public void Each_type_is_read_with_its_keys(string keys, string expected) => Assert.That($"{Read(keys)}", Is.EqualTo(expected));

    [Test]
    public void Keys_of_all_types_are_read()
    {
        Toxic toxic = Read("""
            "Type": "noop", "Name": "mine", "Stream": "Upstream", "Toxicity": 0.25, "Scope": "newconnections", "Clients": ["10.0.0.0/8", "::1"],
            "SkipConnections": 2, "TakeConnections": 1, "Duration": "30s"
            """);

        Assert.Multiple(() =>
        {
            Assert.That(
                (toxic.Name, toxic.Stream, toxic.Toxicity, toxic.Scope), Is.EqualTo(("mine", ToxicDirection.Upstream, 0.25, ToxicScope.NewConnections)));
            Assert.That(toxic.Clients, Is.EqualTo(["10.0.0.0/8", "::1"]));
            Assert.That(
                (toxic.SkipConnections, toxic.TakeConnections, toxic.Duration), Is.EqualTo((2, (int?)1, (TimeSpan?)TimeSpan.FromSeconds(30))));
        });
    }

    [TestCase("7", 7L)]
    [TestCase("\"-9223372036854775808\"", long.MinValue)]
    [TestCase("null", null)]
    public void Seed_is_any_number_of_64_bits(string seed, long? expected) => Assert.That(
        FileText.OptionsOf(File("", $"\"ToxicSeed\": {seed},")).ToxicSeed, Is.EqualTo(expected));

    [TestCase("""{ "Latency": "1s" }""", "Routes:0:Toxics:0: has no Type, which must be one of latency, bandwidth, ")]
    [TestCase("""{ "Type": "latnecy", "Latency": "1s" }""", "Routes:0:Toxics:0:Type: 'latnecy' is not one of latency, bandwidth, ")]
    [TestCase("""{ "Type": "latnecy" }""", "noop; did you mean latency?")]
    [TestCase("""{ "Type": "custom" }""", "Routes:0:Toxics:0:Type: 'custom' is not one of ")]
    [TestCase("""{ "Type": "\u001b[31m" }""", "Routes:0:Toxics:0:Type: '?[31m' is not one of ")]
    [TestCase("""{ "Type": 5 }""", "Routes:0:Toxics:0:Type: must be a text: write \"5\"")]
    [TestCase("""{ "Type": null }""", "Routes:0:Toxics:0:Type: must not be null")]
    [TestCase(""" "latency" """, "Routes:0:Toxics:0: must have keys below it, not the value 'latency'")]
    [TestCase("null", "Routes:0:Toxics:0: must not be null")]
    [TestCase("""{ "Type": "latency", "Latencie": "1s" }""", "Routes:0:Toxics:0:Latencie: unknown key; did you mean Latency?")]
    [TestCase("""{ "Type": "refuse", "Latency": "1s" }""", "Routes:0:Toxics:0:Latency: unknown key")]
    [TestCase("""{ "Type": "refuse", "Stream": "upstream" }""", "Routes:0:Toxics:0:Stream: unknown key")]
    [TestCase("""{ "Type": "latency", "Latency": "3" }""", "Routes:0:Toxics:0:Latency: '3' is no duration")]
    [TestCase("""{ "Type": "latency", "Toxicity": "half" }""", "Routes:0:Toxics:0:Toxicity: 'half' is no share: write a number from 0 to 1, as in 0.5")]
    [TestCase("""{ "Type": "latency", "Toxicity": 1.01 }""", "Routes:0:Toxics:0:Toxicity: must be from 0 to 1")]
    [TestCase("""{ "Type": "latency", "Stream": "both" }""", "Routes:0:Toxics:0:Stream: 'both' is not one of downstream, upstream")]
    [TestCase("""{ "Type": "latency", "Clients": ["10.0.0"] }""", "Routes:0:Toxics:0:Clients:0: ")]
    [TestCase("""{ "Type": "bandwidth", "BytesPerSecond": "2001m" }""", "Routes:0:Toxics:0:BytesPerSecond: '2001m' is out of bounds: from 0 to 2000m")]
    [TestCase("""{ "Type": "slicer", "AverageSize": 2, "SizeVariation": 2 }""", "Routes:0:Toxics:0:SizeVariation: must be from 0 to less than AverageSize")]
    [TestCase("""{ "Type": "noop" }, { "Type": "noop" }""", "Routes:0:Toxics:1:Name: 'noop_downstream' is the name of another toxic of the route already")]
    public void A_mistake_is_told_in_one_line_with_its_path(string toxics, string expected) =>
        Assert.That(FileText.ErrorsIn(File(toxics)), Has.Length.EqualTo(1).And.One.Contains(expected));

    [Test]
    public void All_mistakes_of_a_toxic_are_told() => Assert.That(
        FileText.ErrorsIn(File("""{ "Type": "latency", "Latency": "x", "Jitter": "y", "z": 1 }""")), Has.Length.EqualTo(3));

    [Test]
    public void List_may_be_empty() => Assert.That(FileText.OptionsOf(File("")).Routes[0].Toxics, Is.Empty);

    private static Toxic Read(string keys) => FileText.OptionsOf(File($"{{ {keys} }}")).Routes[0].Toxics.Single();

    private static string File(string toxics, string ofProxy = "") =>
        $$"""{ "ProxyCore": { {{ofProxy}} "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ], "Toxics": [ {{toxics}} ] } ] } }""";
}
