using System.Net;
using System.Text.Json;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Admin;

/// <summary>Upstreams changed by the API: drained, disabled, weighed, cut.</summary>
internal sealed class UpstreamApiTests : AdminFixture
{
    private const string Path = "/api/upstreams";

    [Test]
    public async Task Answer_is_the_upstream_as_it_is_now()
    {
        (HttpStatusCode status, JsonElement answer) = await Change(
            $$"""{ "route": "web", "upstream": "{{Upstream.Endpoint}}", "state": "drain", "weight": 3, "maximum": 7 }""");

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.GetProperty("route").GetString(), Is.EqualTo("web"));
        JsonElement upstream = answer.GetProperty("upstreams").EnumerateArray().Single();
        Assert.Multiple(() =>
        {
            Assert.That(upstream.GetProperty("address").GetString(), Is.EqualTo(Upstream.Endpoint.ToString()));
            Assert.That(upstream.GetProperty("administration").GetString(), Is.EqualTo("Drain"));
            Assert.That(upstream.GetProperty("setByHandAt").GetDateTimeOffset(), Is.EqualTo(DateTimeOffset.UtcNow).Within(TimeSpan.FromMinutes(1)));
            Assert.That(upstream.GetProperty("weight").GetInt32(), Is.EqualTo(3));
            Assert.That(upstream.GetProperty("configuredWeight").GetInt32(), Is.EqualTo(20));
            Assert.That(upstream.GetProperty("maxConnections").GetInt32(), Is.EqualTo(7));
            Assert.That(upstream.GetProperty("hasMaximumByHand").GetBoolean(), Is.True);
        });
    }

    [Test]
    public async Task Null_gives_back_to_the_configuration_and_what_is_not_named_stays()
    {
        await Change(Body("\"state\": \"disabled\", \"weight\": 3, \"maximum\": 7"));

        JsonElement drained = Changed((await Change(Body("\"state\": \"drain\""))).Answer);
        Assert.That(
            (drained.GetProperty("weight").GetInt32(), drained.GetProperty("maxConnections").GetInt32()), Is.EqualTo((3, 7)));
        JsonElement weightBack = Changed((await Change(Body("\"weight\": null"))).Answer);
        Assert.That(
            (weightBack.GetProperty("administration").GetString(), weightBack.GetProperty("weight").GetInt32(), weightBack.GetProperty("maxConnections").GetInt32()),
            Is.EqualTo(("Drain", 20, 7)));
        JsonElement allBack = Changed((await Change(Body("\"state\": null, \"maximum\": null"))).Answer);

        Assert.That(allBack.GetProperty("administration").GetString(), Is.EqualTo("Ready"));
        Assert.That(
            ((string[])["setByHandAt", "configuredWeight", "maxConnections"]).Select(name => allBack.GetProperty(name).ValueKind),
            Is.All.EqualTo(JsonValueKind.Null));
        Assert.That(allBack.GetProperty("hasMaximumByHand").GetBoolean(), Is.False);
    }

    [Test]
    public async Task Snapshot_shows_a_change_at_once()
    {
        await Snapshot();

        await Change(Body("\"state\": \"drain\""));

        Assert.That((await Snapshot()).GetProperty("administration").GetString(), Is.EqualTo("Drain"));
    }

    [Test]
    public async Task Connections_end_only_with_cut_and_then_by_a_reset()
    {
        using Peer client = await Proxy.Connect();
        await client.Echoes("before");
        await Change(Body("\"state\": \"drain\""));
        await client.Echoes("while it drains");

        await Change(Body("\"cut\": true"));

        await client.ReceivesReset();
        Assert.That((await Proxy.Ended()).Ended[EndReason.UpstreamCut], Is.EqualTo(1));
    }

    [Test]
    public async Task Route_need_not_be_named_where_there_is_only_one() => Assert.That(
        (await Change($$"""{ "Upstream": "{{Upstream.Endpoint}}", "State": "DRAIN" }""")).Status, Is.EqualTo(HttpStatusCode.OK));

    [Test]
    public async Task Name_whose_addresses_count_one_by_one_is_answered_with_each_of_them()
    {
        int port = ((IPEndPoint)Upstream.Endpoint).Port;
        await using RunningProxy proxy = await RunningProxy.ToName(
            port,
            static (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.1"), IPAddress.Parse("127.0.0.2")]),
            route: static route => route.Upstreams[0].EachAddress = true);
        await proxy.Serves(1);
        await using RunningAdmin admin = await RunningAdmin.WithToken(() => proxy.Proxy);

        (_, JsonElement answer) = await Change($$"""{ "upstream": "upstream.test:{{port}}", "state": "drain" }""", admin);

        Assert.That(
            answer.GetProperty("upstreams").EnumerateArray()
                .Select(static one => (one.GetProperty("address").GetString(), one.GetProperty("name").GetString(), one.GetProperty("administration").GetString())),
            Is.EqualTo([($"127.0.0.1:{port}", $"upstream.test:{port}", "Drain"), ($"127.0.0.2:{port}", $"upstream.test:{port}", "Drain")]));
    }

    [Test]
    public async Task Name_without_an_address_yet_shows_what_its_addresses_will_have()
    {
        await using RunningProxy proxy = await RunningProxy.To(
            Upstream.Endpoint, static route => route.Upstreams.Add(new UpstreamOptions { Address = "no-such-host.invalid:80" }));
        await using RunningAdmin admin = await RunningAdmin.WithToken(() => proxy.Proxy);

        JsonElement upstream = Changed((await Change("""{ "upstream": "no-such-host.invalid:80", "state": "drain", "weight": 5 }""", admin)).Answer);

        Assert.That(
            (upstream.GetProperty("state").GetString(), upstream.GetProperty("administration").GetString(), upstream.GetProperty("weight").GetInt32()),
            Is.EqualTo(("Unresolved", "Drain", 5)));
    }

    [TestCase("", "upstream: is no JSON: see line 1, byte 1")]
    [TestCase("[]", "upstream: must be an object")]
    [TestCase("{}", "upstream: must be a text, the address of an upstream")]
    [TestCase("""{ "upstream": "*", "route": 5, "weight": 1 }""", "route: must be a text, the name of a route")]
    [TestCase("""{ "upstream": 3000, "weight": 1 }""", "upstream: must be a text, the address of an upstream")]
    [TestCase("""{ "upstream": "U", "state": "maint" }""", "state: must be ready, drain, disabled or null, not 'maint'")]
    [TestCase("""{ "upstream": "U", "state": 1 }""", "state: must be ready, drain, disabled or null, not '1'")]
    [TestCase("""{ "upstream": "U", "weight": 1001 }""", "weight: must be a whole number, from 0 to 1000, or null, not '1001'")]
    [TestCase("""{ "upstream": "U", "weight": -1 }""", "weight: must be a whole number, from 0 to 1000, or null, not '-1'")]
    [TestCase("""{ "upstream": "U", "weight": "5" }""", "weight: must be a whole number, from 0 to 1000, or null, not '5'")]
    [TestCase("""{ "upstream": "U", "weight": 1.5 }""", "weight: must be a whole number, from 0 to 1000, or null, not '1.5'")]
    [TestCase("""{ "upstream": "U", "maximum": 0 }""", "maximum: must be a whole number, 1 or more, or null, not '0'")]
    [TestCase("""{ "upstream": "U", "maximum": 3000000000 }""", "maximum: must be a whole number, 1 or more, or null, not '3000000000'")]
    [TestCase("""{ "upstream": "U", "cut": "yes" }""", "cut: must be true or false")]
    [TestCase("""{ "upstream": "U", "wieght": 1 }""", "wieght: unknown member; there are route, upstream, state, weight, maximum and cut")]
    [TestCase("""{ "upstream": "U", "weight": 1, "weight": 2 }""", "weight: is given twice")]
    [TestCase("""{ "upstream": "U" }""", "upstream: there is nothing to change: set state, weight, maximum or cut")]
    [TestCase("""{ "upstream": "U", "cut": false }""", "upstream: there is nothing to change: set state, weight, maximum or cut")]
    [TestCase("""{ "upstream": "U", "weight": 1001, "cut": 1 }""", "weight: must be a whole number, from 0 to 1000, or null, not '1001'; cut: must be true or false")]
    public async Task Mistake_is_told_with_its_cause_and_changes_nothing(string body, string cause)
    {
        (HttpStatusCode status, JsonElement answer) = await Change(body.Replace("\"U\"", $"\"{Upstream.Endpoint}\""));

        Assert.That((status, ErrorIn(answer)), Is.EqualTo((HttpStatusCode.BadRequest, cause)));
        Assert.That((await Snapshot()).GetProperty("setByHandAt").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [TestCase("""{ "route": "other", "upstream": "127.0.0.1:9", "weight": 1 }""", "there is no route 'other'")]
    [TestCase("""{ "route": "web", "upstream": "127.0.0.1:9", "weight": 1 }""", "the route 'web' has no upstream '127.0.0.1:9'")]
    [TestCase("""{ "upstream": "\u001b[31m", "cut": true }""", "the proxy has no upstream '?[31m'")]
    public async Task What_there_is_not_is_not_found(string body, string cause)
    {
        (HttpStatusCode status, JsonElement answer) = await Change(body);

        Assert.That((status, ErrorIn(answer)), Is.EqualTo((HttpStatusCode.NotFound, cause)));
    }

    [Test]
    public async Task Where_there_are_several_routes_one_must_be_named()
    {
        await using RunningProxy proxy = await RunningProxy.To(Upstream.Endpoint, options: static options => options.Routes.Add(
            new RouteOptions { Listen = { "127.0.0.1:0" }, Upstreams = { new UpstreamOptions { Address = "127.0.0.1:9" } } }));
        await using RunningAdmin admin = await RunningAdmin.WithToken(() => proxy.Proxy);

        (HttpStatusCode status, JsonElement answer) = await Change(Body("\"weight\": 1"), admin);

        Assert.That((status, ErrorIn(answer)), Is.EqualTo((HttpStatusCode.BadRequest, "the proxy has 2 routes: name one")));
    }

    [Test]
    public async Task Change_needs_the_token_and_comes_from_no_other_page()
    {
        string body = Body("\"state\": \"drain\"");
        await using RunningAdmin open = await RunningAdmin.WithoutToken(() => Proxy.Proxy);

        Assert.That((await Change(body, open)).Status, Is.EqualTo(HttpStatusCode.Forbidden), "there is no token");
        Assert.That((await Change(body, token: "another-token-than-it")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await Change(body, origin: "http://evil.example")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await Snapshot()).GetProperty("administration").GetString(), Is.EqualTo("Ready"));
    }

    [Test]
    public async Task Proxy_that_does_not_run_is_told()
    {
        await using RunningAdmin early = await RunningAdmin.WithToken(static () => null);

        Assert.That((await Change(Body("\"weight\": 1"), early)).Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    [Test]
    public async Task Body_has_a_limit() => Assert.That(
        (await Change(Body($"\"state\": \"{new string('x', 16 * 1024)}\""))).Status, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));

    [Test]
    public async Task Who_changes_what_is_logged()
    {
        await Change(Body("\"state\": \"drain\", \"weight\": 3, \"maximum\": null, \"cut\": true"));

        Assert.That(
            Page.Log.TextsOf("UpstreamChangedByPage"),
            Is.EqualTo([$"Upstream {Upstream.Endpoint} of route web was changed through the admin page, from 127.0.0.1: drain, weight 3, maximum as configured, connections cut"]));
    }

    protected override void Configure(TcpProxyOptions options) => options.Routes[0].Upstreams[0].Weight = 20;

    private static JsonElement Changed(JsonElement answer) => answer.GetProperty("upstreams")[0];

    private string Body(string members) => $$"""{ "upstream": "{{Upstream.Endpoint}}", {{members}} }""";

    private async Task<JsonElement> Snapshot() =>
        (await Ask(HttpMethod.Get, "/api/snapshot")).Answer.GetProperty("routes")[0].GetProperty("upstreams")[0];

    private Task<(HttpStatusCode Status, JsonElement Answer)> Change(
        string body, RunningAdmin? page = null, string token = RunningAdmin.Token, string? origin = null) =>
        Ask(HttpMethod.Patch, Path, body, page, token, origin);
}
