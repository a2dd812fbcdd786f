using System.Net;
using System.Text.Json;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Admin;

/// <summary>Clients denied by the API.</summary>
internal sealed class DenyApiTests : AdminFixture
{
    private const string Path = "/api/deny";

    [Test]
    public async Task Denied_address_is_answered_listed_and_shown()
    {
        await Ask(HttpMethod.Get, "/api/snapshot");

        (HttpStatusCode status, JsonElement answer) = await Deny("""{ "address": "::ffff:192.0.2.7", "for": "2h" }""");

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        JsonElement snapshot = (await Ask(HttpMethod.Get, "/api/snapshot")).Answer;
        Assert.That(snapshot.GetProperty("deniedTotal").GetInt32(), Is.EqualTo(1));
        foreach (JsonElement shown in (JsonElement[])[answer, (await Ask(HttpMethod.Get, Path)).Answer, snapshot])
        {
            JsonElement entry = shown.GetProperty("denied").EnumerateArray().Single();
            Assert.That(entry.GetProperty("address").GetString(), Is.EqualTo("192.0.2.7"));
            Assert.That(entry.GetProperty("remainingSeconds").GetDouble(), Is.EqualTo(7200).Within(60));
            Assert.That(entry.GetProperty("since").GetDateTimeOffset(), Is.EqualTo(DateTimeOffset.UtcNow).Within(TimeSpan.FromMinutes(1)));
        }
    }

    [Test]
    public async Task Time_is_ten_minutes_unless_it_is_said()
    {
        JsonElement entry = (await Deny("""{ "Address": "192.0.2.7" }""")).Answer.GetProperty("denied")[0];

        Assert.That(entry.GetProperty("remainingSeconds").GetDouble(), Is.EqualTo(600).Within(60));
    }

    [Test]
    public async Task Open_connections_end_when_that_is_asked_for()
    {
        using Peer client = await Proxy.Connect();
        await client.Echoes("before");

        await Deny("""{ "address": "127.0.0.1", "endConnections": true }""");

        await client.ReceivesReset();
        Assert.That(await Proxy.EndReason(), Is.EqualTo(EndReason.ClientCut));
    }

    [Test]
    public async Task Removed_address_is_let_in_and_what_it_is_still_in_is_answered()
    {
        await Deny("""{ "address": "192.0.2.7" }""");
        await Deny("""{ "address": "192.0.2.0/24" }""");

        (HttpStatusCode status, JsonElement answer) = await Ask(HttpMethod.Delete, $"{Path}?address=192.0.2.7");

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(Addresses(answer), Is.EqualTo(["192.0.2.0/24"]));
        Assert.That(
            await Ask(HttpMethod.Delete, $"{Path}?address=192.0.2.7") is var (again, why) ? (again, ErrorIn(why)) : default,
            Is.EqualTo((HttpStatusCode.NotFound, "192.0.2.7 is not denied by itself; it is in 192.0.2.0/24, which is denied")));
        Assert.That(Addresses((await Ask(HttpMethod.Delete, $"{Path}?address=192.0.2.0%2F24")).Answer), Is.Empty);
        Assert.That(Addresses((await Ask(HttpMethod.Get, Path)).Answer), Is.Empty);
    }

    [TestCase("", "deny: is no JSON: see line 1, byte 1")]
    [TestCase("{}", "address: must be a text, an address or a range such as 10.0.0.0/8")]
    [TestCase("""{ "address": 5 }""", "address: must be a text, an address or a range such as 10.0.0.0/8")]
    [TestCase("""{ "address": "10.0.0.1/8" }""", "address: '10.0.0.1/8' has bits set after the first 8: write 10.0.0.0/8, or the address alone")]
    [TestCase("""{ "address": "10.0.0.1", "for": 5 }""", "for: must be a text, a duration such as 10m")]
    [TestCase("""{ "address": "10.0.0.1", "for": "0s" }""", "for: '0s' is too short: more than zero is needed")]
    [TestCase("""{ "address": "10.0.0.1", "for": "31d", "endConnections": 1 }""", "for: '31d' is no duration: write a whole number and its unit, as in 500ms, 5s, 2m or 1h; endConnections: must be true or false")]
    [TestCase("""{ "address": "10.0.0.1", "for": "721h" }""", "for: '721h' is too long: at most 720h")]
    [TestCase("""{ "address": "10.0.0.1", "until": "1h" }""", "until: unknown member; there are address, for and endConnections")]
    public async Task Mistake_is_told_with_its_cause_and_changes_nothing(string body, string cause)
    {
        (HttpStatusCode status, JsonElement answer) = await Deny(body);

        Assert.That((status, ErrorIn(answer)), Is.EqualTo((HttpStatusCode.BadRequest, cause)));
        Assert.That(Proxy.Proxy.GetDenied(), Is.Empty);
    }

    [TestCase("", "name the address: /api/deny?address=ADDRESS")]
    [TestCase("?address=web", "address: 'web' is neither an address, such as 10.0.0.1, nor a range, such as 10.0.0.0/8")]
    public async Task Removal_names_its_address(string query, string cause)
    {
        (HttpStatusCode status, JsonElement answer) = await Ask(HttpMethod.Delete, Path + query);

        Assert.That((status, ErrorIn(answer)), Is.EqualTo((HttpStatusCode.BadRequest, cause)));
    }

    [Test]
    public async Task One_too_many_is_a_conflict()
    {
        for (int i = 0; i < 3; i++)
        {
            await Deny($$"""{ "address": "192.0.2.{{i}}" }""");
        }

        (HttpStatusCode status, JsonElement answer) = await Deny("""{ "address": "192.0.2.9" }""");

        Assert.That(
            (status, ErrorIn(answer)), Is.EqualTo((HttpStatusCode.Conflict, "3 addresses and ranges are denied already, and no more may be: MaxDenied")));
    }

    [Test]
    public async Task Change_needs_the_token_and_a_proxy()
    {
        await using RunningAdmin open = await RunningAdmin.WithoutToken(() => Proxy.Proxy);
        await using RunningAdmin early = await RunningAdmin.WithToken(static () => null);
        const string Body = """{ "address": "192.0.2.7" }""";

        Assert.That((await Deny(Body, open)).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await open.Status(HttpMethod.Delete, $"{Path}?address=192.0.2.7"), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await Deny(Body, early)).Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(
            await early.Status(HttpMethod.Delete, $"{Path}?address=192.0.2.7", RunningAdmin.Token), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(Proxy.Proxy.GetDenied(), Is.Empty);
    }

    [Test]
    public async Task Who_changes_what_is_logged()
    {
        await Deny("""{ "address": "192.0.2.7", "for": "90m", "endConnections": true }""");
        await Ask(HttpMethod.Delete, $"{Path}?address=192.0.2.7");

        Assert.That(
            Page.Log.TextsOf("DeniedByPage"), Is.EqualTo(["192.0.2.7 was denied through the admin page, from 127.0.0.1: for 90m, connections cut"]));
        Assert.That(Page.Log.TextsOf("DenyRemovedByPage"), Is.EqualTo(["192.0.2.7 was let in again through the admin page, from 127.0.0.1"]));
    }

    protected override void Configure(TcpProxyOptions options) => options.MaxDenied = 3;

    private static IEnumerable<string?> Addresses(JsonElement answer) =>
        answer.GetProperty("denied").EnumerateArray().Select(static entry => entry.GetProperty("address").GetString());

    private Task<(HttpStatusCode Status, JsonElement Answer)> Deny(string body, RunningAdmin? page = null) => Ask(HttpMethod.Post, Path, body, page);
}
