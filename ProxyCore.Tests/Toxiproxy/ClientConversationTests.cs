using System.Net;
using System.Text.Json;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Toxiproxy;

/// <summary>What the clients of other languages send, and what they need of the answers.</summary>
internal sealed class ClientConversationTests
{
    // What a client of Java knows; another type fails its whole list.
    private static readonly Dictionary<string, string[]> _attributesOf = new()
    {
        ["latency"] = ["latency", "jitter"],
        ["bandwidth"] = ["rate"],
        ["slow_close"] = ["delay"],
        ["timeout"] = ["timeout"],
        ["reset_peer"] = ["timeout"],
        ["slicer"] = ["average_size", "size_variation", "delay"],
        ["limit_data"] = ["bytes"],
    };

    private EchoUpstream _upstream = null!;
    private RunningToxiproxy _toxiproxy = null!;

    [SetUp]
    public async Task Start()
    {
        _upstream = new EchoUpstream();
        _toxiproxy = await RunningToxiproxy.Start();
    }

    [TearDown]
    public async Task Stop()
    {
        await _toxiproxy.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Test]
    public async Task Ruby_takes_a_proxy_down_for_a_block()
    {
        // It compares the version to know that PATCH is there, then populates, and reads each proxy anew.
        using JsonDocument version = JsonDocument.Parse((await Ruby("GET", "/version")).Body);
        Assert.That(new Version(version.RootElement.GetProperty("version").GetString()!), Is.GreaterThanOrEqualTo(new Version(2, 6, 0)));
        Answer populated = await Ruby(
            "POST", "/populate", $$"""[{"name":"db","listen":"127.0.0.1:0","upstream":"{{_upstream.Endpoint}}"}]""");
        Assert.That(populated.Status, Is.EqualTo(201));
        IPEndPoint listen = ListenOf(populated);

        Assert.That((await Ruby("PATCH", "/proxies/db", """{"enabled":false}""")).Status, Is.EqualTo(200));
        Assert.That(async () => await Peer.Connect(listen), Throws.Exception);
        Assert.That((await Ruby("PATCH", "/proxies/db", """{"enabled":true}""")).Status, Is.EqualTo(200));
        using Peer client = await Peer.Connect(listen);
        await client.Echoes("ping");

        // Its toxics have a name and a toxicity always. Errors it knows by their status.
        Answer toxic = await Ruby(
            "POST",
            "/proxies/db/toxics",
            """{"name":"latency_downstream","type":"latency","stream":"downstream","toxicity":1.0,"attributes":{"latency":1000}}""");
        Assert.That(toxic.Status, Is.EqualTo(200));
        Assert.That((await Ruby("POST", "/proxies/db/toxics", toxic.Body)).Status, Is.EqualTo(409));
        Assert.That((await Ruby("POST", "/proxies/db/toxics", """{"type":"none"}""")).Status, Is.EqualTo(400));
        Assert.That((await Ruby("DELETE", "/proxies/db/toxics/latency_downstream")).Status, Is.EqualTo(204));
        Assert.That((await Ruby("DELETE", "/proxies/db")).Status, Is.EqualTo(204));
        Assert.That((await Ruby("DELETE", "/proxies/db")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task Java_changes_all_by_post_and_knows_seven_types()
    {
        await Java("POST", "/proxies", $$"""{"name":"db","listen":"127.0.0.1:0","upstream":"{{_upstream.Endpoint}}"}""");
        foreach ((string type, string[] attributes) in _attributesOf)
        {
            Answer added = await Java(
                "POST",
                "/proxies/db/toxics",
                $$"""{"name":"{{type}}","stream":"UPSTREAM","type":"{{type}}","attributes":{{(type == "slicer" ? """{"average_size":10}""" : "{}")}}}""");
            Assert.That(added.Status, Is.EqualTo(200), added.Body);
            Assert.That((await Java("POST", $"/proxies/db/toxics/{type}", $$$"""{"attributes":{"{{{attributes[0]}}}":20}}""")).Status, Is.EqualTo(200));
        }

        await Java("POST", "/proxies/db/toxics", """{"type":"swallow"}""");

        using JsonDocument list = JsonDocument.Parse((await Java("GET", "/proxies/db/toxics")).Body);
        Assert.That(list.RootElement.GetArrayLength(), Is.EqualTo(_attributesOf.Count));
        foreach (JsonElement toxic in list.RootElement.EnumerateArray())
        {
            JsonElement attributes = toxic.GetProperty("attributes");
            string[] expected = _attributesOf[toxic.GetProperty("type").GetString()!];
            Assert.That(attributes.EnumerateObject().Select(static one => one.Name), Is.EqualTo(expected));
            Assert.That(attributes.GetProperty(expected[0]).GetInt64(), Is.EqualTo(20));
            Assert.That(toxic.GetProperty("toxicity").GetSingle(), Is.EqualTo(1));
        }

        using JsonDocument error = JsonDocument.Parse((await Java("GET", "/proxies/none")).Body);
        Assert.That(error.RootElement.GetProperty("error").GetString(), Is.EqualTo("proxy not found"));
        Assert.That((await Java("POST", "/reset", "")).Status, Is.EqualTo(204));
    }

    [Test]
    public async Task Dotnet_reads_whole_objects_with_types_that_it_knows()
    {
        // Toxiproxy.Net writes its members in Pascal case and null for what was not set.
        Answer made = await _toxiproxy.Post(
            "/proxies", $$"""{"Name":"db","Listen":"127.0.0.1:0","Upstream":"{{_upstream.Endpoint}}","Enabled":true,"Toxics":null}""");
        Assert.That(made.Status, Is.EqualTo(201), made.Body);
        Answer added = await _toxiproxy.Post(
            "/proxies/db/toxics",
            """{"Attributes":{"Latency":1000,"Jitter":0},"Name":"slow","Type":"latency","Stream":"downstream","Toxicity":1.0}""");
        Assert.That(added, Is.EqualTo(Answer.Ok(
            """{"attributes":{"latency":1000,"jitter":0},"name":"slow","type":"latency","stream":"downstream","toxicity":1}""")));
        await _toxiproxy.Post("/proxies/db/toxics", """{"type":"corrupt"}""");

        using JsonDocument all = JsonDocument.Parse((await _toxiproxy.Get("/proxies")).Body);
        JsonElement proxy = all.RootElement.GetProperty("db");
        Assert.That(proxy.GetProperty("toxics").GetArrayLength(), Is.EqualTo(1));
        Assert.That((await _toxiproxy.Post("/proxies/db", proxy.GetRawText())).Body, Is.EqualTo(proxy.GetRawText()));
    }

    private Task<Answer> Ruby(string method, string path, string? body = null) =>
        _toxiproxy.Send(method, path, body, ("User-Agent", "Ruby"), ("Accept", "*/*"));

    private Task<Answer> Java(string method, string path, string? body = null) =>
        _toxiproxy.Send(method, path, body, ("User-Agent", "Java/17.0.1"), ("Content-Type", "application/json"));

    private static IPEndPoint ListenOf(Answer populated)
    {
        using JsonDocument json = JsonDocument.Parse(populated.Body);
        return IPEndPoint.Parse(json.RootElement.GetProperty("proxies")[0].GetProperty("listen").GetString()!);
    }
}
