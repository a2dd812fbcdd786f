using System.Net;
using System.Text.Json;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Admin;

/// <summary>Who may ask for what.</summary>
internal sealed class AccessTests
{
    private const string EndPath = "/api/connections/1/end";

    private EchoUpstream _upstream = null!;
    private RunningProxy _proxy = null!;

    [SetUp]
    public async Task StartProxy()
    {
        _upstream = new EchoUpstream();
        _proxy = await RunningProxy.To(_upstream.Endpoint);
    }

    [TearDown]
    public async Task StopProxy()
    {
        await _proxy.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("a-token-of-this-tesT")]
    [TestCase(RunningAdmin.Token + "x")]
    public async Task Without_the_token_nothing_of_the_proxy_is_told(string? token)
    {
        await using RunningAdmin admin = await WithToken();

        foreach (string path in (string[])["/api/snapshot", "/metrics", "/nothing", "/API/snapshot", "/metrics/"])
        {
            using HttpResponseMessage response = await admin.Send(HttpMethod.Get, path, token);

            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized), path);
            Assert.That(response.Headers.WwwAuthenticate.ToString(), Is.EqualTo("Bearer"));
            Assert.That(await ErrorOf(response), Does.Contain("token is needed"));
        }

        Assert.That(await admin.Status(HttpMethod.Post, EndPath, token), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("Basic " + RunningAdmin.Token)]
    [TestCase(RunningAdmin.Token)]
    [TestCase("Bearer")]
    [TestCase("Bearer  " + RunningAdmin.Token)]
    public async Task A_token_in_another_form_is_none(string header)
    {
        await using RunningAdmin admin = await WithToken();

        Assert.That(
            await admin.Status(HttpMethod.Get, "/api/snapshot", null, ("Authorization", header)),
            Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("/")]
    [TestCase("/admin.css")]
    [TestCase("/admin.js")]
    [TestCase("/healthz")]
    [TestCase("/readyz")]
    public async Task The_page_and_health_need_no_token(string path)
    {
        await using RunningAdmin admin = await WithToken();

        Assert.That(await admin.Status(HttpMethod.Get, path), Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("/api/snapshot")]
    [TestCase("/metrics")]
    public async Task With_the_token_everything_is_told(string path)
    {
        await using RunningAdmin admin = await WithToken();

        Assert.That(await admin.Status(HttpMethod.Get, path, RunningAdmin.Token), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Where_there_is_no_token_reading_is_free_and_nothing_can_be_changed()
    {
        await using RunningAdmin admin = await RunningAdmin.WithoutToken(() => _proxy.Proxy);
        using Peer client = await _proxy.Connect();
        await client.Echoes("ping");

        using HttpResponseMessage response = await admin.Send(HttpMethod.Post, EndPath, "any-token-that-there-is");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await ErrorOf(response), Does.Contain("--admin-token-file"));
        Assert.That(await admin.Status(HttpMethod.Get, "/api/snapshot"), Is.EqualTo(HttpStatusCode.OK));
        await client.Echoes("still there");
    }

    [TestCase("Origin", "http://evil.example")]
    [TestCase("Origin", "null")]
    [TestCase("Origin", "https://127.0.0.1:{0}")]
    [TestCase("Origin", "http://127.0.0.1")]
    [TestCase("Origin", "http://localhost:{0}")]
    [TestCase("Sec-Fetch-Site", "cross-site")]
    [TestCase("Sec-Fetch-Site", "same-site")]
    [TestCase("Sec-Fetch-Site", "none")]
    public async Task Another_page_can_change_nothing_though_it_knows_the_token(string header, string value)
    {
        await using RunningAdmin admin = await WithToken();
        using Peer client = await _proxy.Connect();
        await client.Echoes("ping");

        Assert.That(
            await admin.Status(
                HttpMethod.Post, EndPath, RunningAdmin.Token, (header, value.Replace("{0}", $"{admin.Endpoint.Port}"))),
            Is.EqualTo(HttpStatusCode.Forbidden));
        await client.Echoes("still there");
    }

    [Test]
    public async Task The_page_itself_ends_a_connection()
    {
        await using RunningAdmin admin = await WithToken();
        using Peer client = await _proxy.Connect();
        await client.Echoes("ping");

        HttpStatusCode status = await admin.Status(
            HttpMethod.Post,
            EndPath,
            RunningAdmin.Token,
            ("Origin", $"http://{admin.Endpoint}"),
            ("Sec-Fetch-Site", "same-origin"));

        Assert.That(status, Is.EqualTo(HttpStatusCode.NoContent));
        await client.ReceivesReset();
        Assert.That(await _proxy.EndReason(), Is.EqualTo(EndReason.Operator));
        Assert.That(await admin.Status(HttpMethod.Post, EndPath, RunningAdmin.Token), Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("0")]
    [TestCase("99999999999999999999")]
    [TestCase("-1")]
    [TestCase("1x")]
    public async Task What_is_no_connection_is_not_found(string id)
    {
        await using RunningAdmin admin = await WithToken();

        using HttpResponseMessage response = await admin.Send(HttpMethod.Post, $"/api/connections/{id}/end", RunningAdmin.Token);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await ErrorOf(response), Is.Not.Empty);
    }

    [TestCase("evil.example")]
    [TestCase("evil.example:{0}")]
    [TestCase("localhost.evil.example")]
    [TestCase("192.0.2.1:{0}")]
    public async Task A_name_that_was_bound_to_this_machine_by_others_is_refused(string host)
    {
        await using RunningAdmin admin = await RunningAdmin.WithoutToken(() => _proxy.Proxy);

        foreach (string path in (string[])["/", "/api/snapshot", "/healthz"])
        {
            using HttpResponseMessage response = await admin.Send(
                HttpMethod.Get, path, null, ("Host", host.Replace("{0}", $"{admin.Endpoint.Port}")));

            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.MisdirectedRequest), path);
            Assert.That(await ErrorOf(response), Does.Contain("localhost"));
        }
    }

    [TestCase("localhost")]
    [TestCase("LOCALHOST:9")]
    [TestCase("127.0.0.1")]
    [TestCase("127.1.2.3:9")]
    [TestCase("[::1]:9")]
    public async Task This_machines_own_names_are_taken(string host)
    {
        await using RunningAdmin admin = await RunningAdmin.WithoutToken(() => _proxy.Proxy);

        Assert.That(await admin.Status(HttpMethod.Get, "/", null, ("Host", host)), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Beyond_loopback_any_name_is_taken_with_the_token()
    {
        await using RunningAdmin admin = await WithToken("0.0.0.0:0");

        Assert.That(
            await admin.Status(HttpMethod.Get, "/api/snapshot", RunningAdmin.Token, ("Host", "proxy.example")),
            Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("POST", "/", HttpStatusCode.MethodNotAllowed)]
    [TestCase("DELETE", "/api/snapshot", HttpStatusCode.MethodNotAllowed)]
    [TestCase("POST", "/metrics", HttpStatusCode.MethodNotAllowed)]
    [TestCase("GET", EndPath, HttpStatusCode.MethodNotAllowed)]
    [TestCase("GET", "/nothing", HttpStatusCode.NotFound)]
    [TestCase("GET", "/../../etc/passwd", HttpStatusCode.NotFound)]
    [TestCase("GET", "/index.html", HttpStatusCode.NotFound)]
    public async Task What_there_is_not_is_told_as_json(string method, string path, HttpStatusCode status)
    {
        await using RunningAdmin admin = await WithToken();

        using HttpResponseMessage response = await admin.Send(new HttpMethod(method), path, RunningAdmin.Token);

        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That(await ErrorOf(response), Is.Not.Empty);
    }

    private static async Task<string?> ErrorOf(HttpResponseMessage response)
    {
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/json"));
        using JsonDocument json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("error").GetString();
    }

    private Task<RunningAdmin> WithToken(string listen = "127.0.0.1:0") => RunningAdmin.WithToken(() => _proxy.Proxy, listen);
}
