using System.Net;
using System.Net.Sockets;
using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Toxiproxy;

/// <summary>Lists of proxies, of requests and of the configuration file.</summary>
internal sealed class PopulateTests : ToxiproxyFixture
{
    [TestCase("[]")]
    [TestCase("null")]
    public async Task Nothing_makes_nothing_which_is_null(string body) =>
        Assert.That(await Server.Post("/populate", body), Is.EqualTo(Answer.Ok("""{"proxies":null}""", 201)));

    [Test]
    public async Task The_answer_has_them_in_the_order_of_the_request()
    {
        Answer made = await Server.Post(
            "/populate",
            """[{"name":"b","listen":"x:1","upstream":"u:1","enabled":false},{"name":"a","listen":"y:1","upstream":"u:2","enabled":false}]""");

        Assert.That(made, Is.EqualTo(Answer.Ok(
            """{"proxies":[{"name":"b","listen":"x:1","upstream":"u:1","enabled":false,"Logger":{},"toxics":[]},{"name":"a","listen":"y:1","upstream":"u:2","enabled":false,"Logger":{},"toxics":[]}]}""",
            201)));
    }

    [TestCase("""[{"name":"a","upstream":"u:1"},{"upstream":"u:1"}]""", "missing required field: name at proxy 2")]
    [TestCase("""[{"name":"a"}]""", "missing required field: upstream at proxy 1")]
    [TestCase("""[null]""", "missing required field: name at proxy 1")]
    [TestCase("""[{"name":"a","upstream":"u:1"},{"name":"b","upstream":"u:x"}]""", "invalid upstream: lookup tcp/x: unknown port at proxy 2")]
    [TestCase("""[{"name":"a","upstream":"u:1","toxics":[{"type":"none"}]}]""", "invalid toxic type at proxy 1")]
    [TestCase("""[{"name":"a","upstream":"u:1","toxics":[{"type":"noop"},{"type":"noop"}]}]""", "toxic already exists at proxy 1", 409)]
    [TestCase(
        """{"name":"a","upstream":"u:1"}""",
        """bad request body: json: cannot unmarshal object into Go value of type []struct { toxiproxy.Proxy; Enabled *bool \"json:\\\"enabled\\\"\" }""")]
    [TestCase("", "bad request body: EOF")]
    public async Task A_mistake_is_json_and_nothing_is_made(string body, string error, int status = 400)
    {
        Assert.That(
            await Server.Post("/populate", body), Is.EqualTo(Answer.Ok($$"""{"error":"{{error}}","status":{{status}},"proxies":null}""", status)));
        Assert.That(await Server.Get("/proxies"), Is.EqualTo(Answer.Ok("{}")));
    }

    [Test]
    public async Task When_one_fails_the_answer_has_those_before_it_and_the_rest_is_not_tried()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();

        Answer made = await Server.Post(
            "/populate",
            $$"""[{"name":"a","upstream":"u:1","enabled":false},{"name":"b","listen":"{{holder.LocalEndpoint}}","upstream":"u:1"},{"name":"c","upstream":"u:1"}]""");

        Assert.That(made, Is.EqualTo(Answer.Ok(
            $$"""{"error":"listen tcp {{holder.LocalEndpoint}}: bind: address already in use","status":500,"proxies":[{"name":"a","listen":"","upstream":"u:1","enabled":false,"Logger":{},"toxics":[]}]}""",
            500)));
        Assert.That((await Server.Get("/proxies/c")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task One_that_is_there_already_is_left_alone_with_its_toxics_and_connections()
    {
        IPEndPoint listen = await Server.Create("a", Upstream.Endpoint);
        using Peer client = await Peer.Connect(listen);
        await client.Echoes("ping");
        Answer toxic = await Server.Post("/proxies/a/toxics", """{"type":"latency","toxicity":0}""");

        Answer made = await Server.Post(
            "/populate", $$"""[{"name":"a","listen":"localhost:{{listen.Port}}","upstream":"{{Upstream.Endpoint}}","enabled":false}]""");

        Assert.That(made.Body, Does.Contain("\"enabled\":true").And.Contain(toxic.Body));
        await client.Echoes("still there");
    }

    [Test]
    public async Task One_that_differs_is_replaced_and_has_the_toxics_of_the_list()
    {
        await using var other = new EchoUpstream();
        IPEndPoint listen = await Server.Create("a", Upstream.Endpoint);
        await Server.Post("/proxies/a/toxics", """{"type":"timeout","toxicity":0}""");
        using Peer client = await Peer.Connect(listen);

        Answer made = await Server.Post(
            "/populate",
            $$"""[{"name":"a","listen":"{{listen}}","upstream":"{{other.Endpoint}}","toxics":[{"type":"latency","name":"slow","toxicity":0}]}]""");

        Assert.That(made, Is.EqualTo(Answer.Ok(
            $$"""{"proxies":[{"name":"a","listen":"{{listen}}","upstream":"{{other.Endpoint}}","enabled":true,"Logger":{},"toxics":[{"attributes":{"latency":0,"jitter":0},"name":"slow","type":"latency","stream":"downstream","toxicity":0}]}]}""",
            201)));
        Assert.That(await client.ReceiveWhatComes(), Is.Empty);
    }

    [Test]
    public async Task The_file_makes_proxies_before_the_server_answers()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Add("toxiproxy.json", System.Text.Encoding.UTF8.GetBytes(
            $$"""[{"name":"a","listen":"127.0.0.1:0","upstream":"{{Upstream.Endpoint}}","toxics":[{"type":"refuse","toxicity":0}]}]"""));
        await using RunningToxiproxy toxiproxy = await RunningToxiproxy.Start(settings => settings with { ConfigFile = file });

        using Peer client = await Peer.Connect(RunningToxiproxy.ListenOf(await toxiproxy.Get("/proxies/a")));
        await client.Echoes("ping");
        Assert.That((await toxiproxy.Get("/proxies/a?extensions=1")).Body, Does.Contain("refuse_downstream"));
        Assert.That(toxiproxy.Log.TextsOf("ProxiesLoaded"), Is.EqualTo([$"Proxies made as {file} says: 1"]));
    }

    [TestCase(null, "does not exist")]
    [TestCase("[", "bad request body: unexpected EOF")]
    [TestCase("""[{"name":"a"}]""", "missing required field: upstream at proxy 1")]
    public async Task A_wrong_file_is_logged_and_the_server_goes_on(string? content, string error)
    {
        using var folder = new TemporaryFolder();
        string file = content is null
            ? Path.Combine(folder.FullName, "none.json")
            : folder.Add("toxiproxy.json", System.Text.Encoding.UTF8.GetBytes(content));
        await using RunningToxiproxy toxiproxy = await RunningToxiproxy.Start(settings => settings with { ConfigFile = file });

        Assert.That(await toxiproxy.Get("/proxies"), Is.EqualTo(Answer.Ok("{}")));
        Assert.That(toxiproxy.Log.TextsOf("ProxiesNotLoaded").Single(), Does.Contain(error));
    }
}
