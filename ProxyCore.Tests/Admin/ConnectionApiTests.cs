using System.Net;
using System.Text.Json;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Admin;

/// <summary>Connections found and ended by the API.</summary>
internal sealed class ConnectionApiTests : AdminFixture
{
    private const string Path = "/api/connections";

    [Test]
    public async Task Search_goes_on_where_its_last_answer_ended()
    {
        using Crowd crowd = await Crowd.OfEchoes(Proxy.Endpoint, 3);

        JsonElement first = await Search("?route=web&phase=relaying&limit=2");
        JsonElement second = await Search($"?route=web&phase=relaying&limit=2&after={first.GetProperty("next")}");

        Assert.That(Ids(first), Is.EqualTo([1, 2]));
        Assert.That(Ids(second), Is.EqualTo([3]));
        Assert.That(first.GetProperty("matching").GetInt32(), Is.EqualTo(3));
        Assert.That(second.GetProperty("next").ValueKind, Is.EqualTo(JsonValueKind.Null));
        JsonElement connection = second.GetProperty("connections")[0];
        Assert.That(connection.GetProperty("upstream").GetString(), Is.EqualTo(Upstream.Endpoint.ToString()));
        Assert.That(connection.GetProperty("bytesToClient").GetInt64(), Is.EqualTo(5));
    }

    [Test]
    public async Task All_of_an_upstream_end_and_are_counted()
    {
        using Crowd crowd = await Crowd.OfEchoes(Proxy.Endpoint, 40);

        using HttpResponseMessage response = await Page.Send(
            HttpMethod.Delete, $"{Path}?route=web&upstream={Upstream.Endpoint}", RunningAdmin.Token);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("""{"ended":40}"""));
        await crowd.ReceiveResets();
        Assert.That(Proxy.Proxy.GetStatistics().Ended[EndReason.Operator], Is.EqualTo(40));
        Assert.That(
            (await Page.Log.Saw("ManyEndedByPage")).Text,
            Is.EqualTo($"40 connections were ended through the admin page, from 127.0.0.1: route web, upstream {Upstream.Endpoint}"));
    }

    [TestCase("?phase=closed", "phase: must be one of accepted, ")]
    [TestCase("?limit=1001", "limit: must be a whole number from 1 to 1000")]
    [TestCase("?limit=0", "limit: must be a whole number from 1 to 1000")]
    [TestCase("?after=-1", "after: must be a whole number from 0 to ")]
    [TestCase("?client=10.0.0", "client: '10.0.0' is neither an address, ")]
    [TestCase("?client=", "client: must be given once, and not empty")]
    [TestCase("?route=a&route=b", "route: must be given once, and not empty")]
    [TestCase("?state=relaying", "state: unknown; there are client, route, upstream, phase, after and limit")]
    public async Task Wrong_search_is_refused_with_its_cause(string query, string error) =>
        Assert.That(await ErrorOf(HttpMethod.Get, query), Does.StartWith(error));

    [TestCase("", "connections: say which are to end, by client, route, upstream or phase")]
    [TestCase("?limit=5", "limit: unknown; there are client, route, upstream and phase")]
    [TestCase("?client=10.0.0.0%2F8%20", "client: ")]
    [TestCase("?phase=", "phase: must be given once, and not empty")]
    public async Task Nothing_ends_without_a_filter_that_is_right(string query, string error)
    {
        using Peer client = await Proxy.Connect();
        await client.Echoes("hello");

        Assert.That(await ErrorOf(HttpMethod.Delete, query), Does.StartWith(error));
        await client.Echoes("still there");
    }

    [Test]
    public async Task Token_is_needed_to_see_and_to_end()
    {
        await using RunningAdmin open = await RunningAdmin.WithoutToken(() => Proxy.Proxy);

        Assert.That(await Page.Status(HttpMethod.Get, Path), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await Page.Status(HttpMethod.Delete, $"{Path}?route=web"), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await open.Status(HttpMethod.Get, Path), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await open.Status(HttpMethod.Delete, $"{Path}?route=web"), Is.EqualTo(HttpStatusCode.Forbidden));
    }

    private static IEnumerable<long> Ids(JsonElement answer) =>
        answer.GetProperty("connections").EnumerateArray().Select(static one => one.GetProperty("id").GetInt64());

    private async Task<JsonElement> Search(string query)
    {
        (HttpStatusCode status, JsonElement answer) = await Ask(HttpMethod.Get, Path + query);
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        return answer;
    }

    private async Task<string> ErrorOf(HttpMethod method, string query)
    {
        (HttpStatusCode status, JsonElement answer) = await Ask(method, Path + query);
        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        return ErrorIn(answer);
    }
}
