using System.Net;
using System.Text.Json;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Admin;

/// <summary>Toxics by the API: listed, added, switched, removed.</summary>
internal sealed class ToxicApiTests : AdminFixture
{
    private const string Path = "/api/toxics";
    private const string Refuse = """{ "Route": "web", "Type": "refuse" }""";
    private const string OfRefuse = Path + "?route=web&name=refuse";

    [Test]
    public async Task Toxic_that_is_added_acts_and_is_listed_until_it_is_removed()
    {
        Assert.That(await Change(HttpMethod.Post, Path, """{ "Type": "Refuse", "Toxicity": 1, "End": "Fin" }"""), Is.EqualTo((HttpStatusCode.NoContent, "")));
        using (Peer refused = await Proxy.Connect())
        {
            await refused.ReceivesEof();
        }

        JsonElement toxic = (await List()).Single();
        Assert.Multiple(() =>
        {
            Assert.That(toxic.GetProperty("route").GetString(), Is.EqualTo("web"));
            Assert.That(toxic.GetProperty("name").GetString(), Is.EqualTo("refuse"));
            Assert.That(toxic.GetProperty("type").GetString(), Is.EqualTo("refuse"));
            Assert.That(toxic.GetProperty("stream").GetString(), Is.EqualTo("downstream"));
            Assert.That(toxic.GetProperty("toxicity").GetDouble(), Is.EqualTo(1));
            Assert.That(toxic.GetProperty("description").GetString(), Is.EqualTo("refuse end=Fin"));
            Assert.That(toxic.GetProperty("enabled").GetBoolean(), Is.True);
            Assert.That(toxic.GetProperty("connections").GetInt64(), Is.EqualTo(1));
            Assert.That(toxic.GetProperty("endedConnections").GetInt64(), Is.EqualTo(1));
        });
        Assert.That(await Change(HttpMethod.Delete, OfRefuse), Is.EqualTo((HttpStatusCode.NoContent, "")));
        Assert.That(await List(), Is.Empty);
        await Proxy.Serves(1);
    }

    [Test]
    public async Task Toxic_that_is_switched_off_stays_in_the_list_and_can_be_switched_on_again()
    {
        await Change(HttpMethod.Post, Path, Refuse);

        Assert.That((await Change(HttpMethod.Patch, OfRefuse + "&enabled=false")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await Change(HttpMethod.Patch, OfRefuse + "&enabled=false")).Status, Is.EqualTo(HttpStatusCode.NoContent), "it is off already");
        Assert.That((await List()).Select(IsOn), Is.EqualTo([false]));
        Assert.That(Proxy.Proxy.GetToxics(), Is.Empty);
        await Proxy.Serves(1);

        Assert.That((await Change(HttpMethod.Patch, OfRefuse + "&enabled=true")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await List()).Select(IsOn), Is.EqualTo([true]));
        using Peer refused = await Proxy.Connect();
        await refused.ReceivesReset();
    }

    [Test]
    public async Task Toxic_that_is_switched_off_can_be_removed_and_keeps_its_name_until_then()
    {
        await Change(HttpMethod.Post, Path, Refuse);
        await Change(HttpMethod.Patch, OfRefuse + "&enabled=false");

        Assert.That((await Change(HttpMethod.Post, Path, Refuse)).Status, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That((await Change(HttpMethod.Delete, OfRefuse)).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await List(), Is.Empty);
        Assert.That((await Change(HttpMethod.Patch, OfRefuse + "&enabled=true")).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await Change(HttpMethod.Post, Path, Refuse)).Status, Is.EqualTo(HttpStatusCode.NoContent));
    }

    [Test]
    public async Task Snapshot_shows_a_change_at_once_with_those_that_are_off()
    {
        await Change(HttpMethod.Post, Path, Refuse);
        Assert.That((await OfSnapshot()).Select(IsOn), Is.EqualTo([true]));

        await Change(HttpMethod.Patch, OfRefuse + "&enabled=false");

        Assert.That((await OfSnapshot()).Select(IsOn), Is.EqualTo([false]));
    }

    [TestCase("", "toxic: is no JSON: see line 1, byte 1")]
    [TestCase("{ \"Type\":", "toxic: is no JSON")]
    [TestCase("[]", "toxic: must be an object")]
    [TestCase("{}", "toxic: has no Type, which must be one of latency, ")]
    [TestCase("""{ "Type": "refus" }""", "Type: 'refus' is not one of latency, ")]
    [TestCase("""{ "Type": "latency", "Latency": 3, "Jiter": "1s" }""", "Latency: '3' is no duration: write a whole number and its unit, as in 500ms, 5s, 2m or 1h; Jiter: unknown key; did you mean Jitter?")]
    [TestCase("""{ "Type": "refuse", "Toxicity": 2 }""", "Toxicity: must be from 0 to 1")]
    [TestCase("""{ "Type": "refuse", "Type": "noop" }""", "Type: is given twice")]
    [TestCase("""{ "Type": "refuse", "Route": 5 }""", "Route: must be a text, the name of a route")]
    public async Task Mistake_is_told_with_its_cause_and_changes_nothing(string body, string cause)
    {
        (HttpStatusCode status, string error) = await Change(HttpMethod.Post, Path, body);

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(error, Does.Contain(cause));
        Assert.That(await List(), Is.Empty);
    }

    [TestCase("POST", "", """{ "Type": "refuse", "Route": "other" }""", "there is no route 'other'")]
    [TestCase("DELETE", "?route=other&name=refuse", null, "there is no route 'other'")]
    [TestCase("DELETE", "?route=web&name=other", null, "the route 'web' has no toxic 'other'")]
    [TestCase("PATCH", "?route=web&name=other&enabled=false", null, "the route 'web' has no toxic 'other'")]
    [TestCase("PATCH", "?route=web&name=%1b%5b31m&enabled=true", null, "the route 'web' has no toxic '?[31m'")]
    public async Task What_there_is_not_is_not_found(string method, string query, string? body, string cause) =>
        Assert.That(await Change(new HttpMethod(method), Path + query, body), Is.EqualTo((HttpStatusCode.NotFound, cause)));

    [TestCase("DELETE", "?route=web")]
    [TestCase("DELETE", "?name=refuse")]
    [TestCase("PATCH", "?route=web&name=refuse")]
    [TestCase("PATCH", "?route=web&name=refuse&enabled=maybe")]
    public async Task Request_that_does_not_name_its_toxic_is_told_how(string method, string query)
    {
        (HttpStatusCode status, string error) = await Change(new HttpMethod(method), Path + query);

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(error, Does.Contain("?route=ROUTE&name=NAME"));
    }

    [Test]
    public async Task Where_there_are_several_routes_one_must_be_named()
    {
        await using RunningProxy proxy = await RunningProxy.To(Upstream.Endpoint, options: static options => options.Routes.Add(
            new RouteOptions { Listen = { "127.0.0.1:0" }, Upstreams = { new UpstreamOptions { Address = "127.0.0.1:9" } } }));
        await using RunningAdmin admin = await RunningAdmin.WithToken(() => proxy.Proxy);

        (HttpStatusCode status, string error) = await Change(HttpMethod.Post, Path, """{ "Type": "refuse" }""", admin);

        Assert.That((status, error), Is.EqualTo((HttpStatusCode.BadRequest, "the proxy has 2 routes: name one")));
    }

    [Test]
    public async Task Hundred_toxics_are_enough()
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.That((await Change(HttpMethod.Post, Path, $$"""{ "Type": "noop", "Name": "n{{i}}" }""")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        }

        Assert.That((await Change(HttpMethod.Post, Path, Refuse)).Status, Is.EqualTo(HttpStatusCode.Conflict));
    }

    [TestCase("POST", "")]
    [TestCase("PATCH", "?route=web&name=refuse&enabled=false")]
    [TestCase("DELETE", "?route=web&name=refuse")]
    public async Task Changes_need_the_token_and_come_from_no_other_page(string method, string query)
    {
        string? body = method == "POST" ? Refuse : null;
        await using RunningAdmin open = await RunningAdmin.WithoutToken(() => Proxy.Proxy);

        Assert.That((await Change(new HttpMethod(method), Path + query, body, open)).Status, Is.EqualTo(HttpStatusCode.Forbidden), "there is no token");
        Assert.That((await Change(new HttpMethod(method), Path + query, body, token: "another-token-than-it")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await Change(new HttpMethod(method), Path + query, body, origin: "http://evil.example")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await open.Status(HttpMethod.Get, Path), Is.EqualTo(HttpStatusCode.OK), "to look is free there");
    }

    [Test]
    public async Task Who_changes_what_is_logged()
    {
        await Change(HttpMethod.Post, Path, Refuse);
        await Change(HttpMethod.Patch, OfRefuse + "&enabled=false");

        Assert.That(Page.Log.TextsOf("ToxicChangedByPage"), Is.EqualTo(
        [
            "Toxic refuse of route web was added on the admin page, from 127.0.0.1",
            "Toxic refuse of route web was switched off on the admin page, from 127.0.0.1",
        ]));
    }

    private static bool IsOn(JsonElement toxic) => toxic.GetProperty("enabled").GetBoolean();

    private async Task<(HttpStatusCode Status, string Error)> Change(
        HttpMethod method, string path, string? body = null, RunningAdmin? page = null, string token = RunningAdmin.Token, string? origin = null)
    {
        (HttpStatusCode status, JsonElement answer) = await Ask(method, path, body, page, token, origin);
        return (status, answer.ValueKind == JsonValueKind.Undefined ? "" : ErrorIn(answer));
    }

    private async Task<JsonElement[]> List() => [.. (await Ask(HttpMethod.Get, Path)).Answer.GetProperty("toxics").EnumerateArray()];

    private async Task<JsonElement[]> OfSnapshot() => [.. (await Ask(HttpMethod.Get, "/api/snapshot")).Answer.GetProperty("routes")[0].GetProperty("toxics").EnumerateArray()];
}
