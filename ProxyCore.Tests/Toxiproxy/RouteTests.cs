using System.Net.Sockets;
using System.Text;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Toxiproxy;

/// <summary>Which requests are answered, and by what, whatever they are about.</summary>
internal sealed class RouteTests
{
    private static readonly Answer _notFound = new(404, Answer.Text, "404 page not found\n");

    private RunningToxiproxy _toxiproxy = null!;

    [SetUp]
    public async Task Start() => _toxiproxy = await RunningToxiproxy.Start();

    [TearDown]
    public async Task Stop() => await _toxiproxy.DisposeAsync();

    [Test]
    public async Task Version_is_one_that_clients_can_compare() => Assert.That(
        await _toxiproxy.Get("/version"),
        Is.EqualTo(new Answer(200, "application/json;charset=utf-8", "{\"version\": \"2.12.0\"}\n")));

    [TestCase("/")]
    [TestCase("/nothing")]
    [TestCase("/Version")]
    [TestCase("/version/")]
    [TestCase("/proxies/")]
    [TestCase("/proxies/a/toxics/")]
    [TestCase("/proxies/a/nothing")]
    [TestCase("/proxies/a/toxics/b/c")]
    [TestCase("/proxies/a%2Fb")]
    [TestCase("/metrics")]
    public async Task An_unknown_path_is_not_found_and_has_no_identifier(string path)
    {
        Answer answer = await _toxiproxy.SendWithId("GET", path);

        Assert.That(answer, Is.EqualTo(_notFound));
    }

    [TestCase("POST", "/version")]
    [TestCase("HEAD", "/proxies")]
    [TestCase("OPTIONS", "/proxies")]
    [TestCase("PUT", "/proxies/a")]
    [TestCase("PATCH", "/proxies/a/toxics")]
    [TestCase("PUT", "/proxies/a/toxics/b")]
    [TestCase("GET", "/populate")]
    [TestCase("GET", "/reset")]
    public async Task A_wrong_method_has_an_empty_answer(string method, string path) =>
        Assert.That(await _toxiproxy.SendWithId(method, path), Is.EqualTo(Answer.Empty(405)));

    [TestCase("GET", "/version", 200)]
    [TestCase("GET", "/proxies/a", 404)]
    [TestCase("POST", "/proxies", 400)]
    [TestCase("POST", "/reset", 204)]
    public async Task Each_answer_has_an_identifier_of_its_own(string method, string path, int status)
    {
        Answer first = await _toxiproxy.SendWithId(method, path);
        Answer second = await _toxiproxy.SendWithId(method, path);

        Assert.That(first.Status, Is.EqualTo(status));
        Assert.That(first.RequestId, Does.Match("^[0-9a-v]{20}$"));
        Assert.That(second.RequestId, Is.Not.EqualTo(first.RequestId));
    }

    [TestCase("GET", "/version")]
    [TestCase("POST", "/reset")]
    public async Task A_browser_is_refused(string method, string path)
    {
        Assert.That(
            await _toxiproxy.Send(method, path, null, ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64)")),
            Is.EqualTo(new Answer(403, Answer.Text, "User agent not allowed\n")));
        Assert.That(
            await _toxiproxy.Send(method, path, null, ("Origin", "http://evil.example")),
            Is.EqualTo(new Answer(403, Answer.Text, "Origin not allowed\n")));
    }

    [TestCase("node")]
    [TestCase("curl/8.0 Mozilla/5.0")]
    [TestCase("")]
    public async Task Any_other_program_is_served(string agent) =>
        Assert.That((await _toxiproxy.Send("GET", "/proxies", null, ("User-Agent", agent))).Status, Is.EqualTo(200));

    [Test]
    public async Task A_browser_on_an_unknown_path_finds_nothing() =>
        Assert.That(await _toxiproxy.Send("GET", "/", null, ("User-Agent", "Mozilla/5.0")), Is.EqualTo(_notFound));

    [TestCase("evil.example")]
    [TestCase("192.0.2.1:8474")]
    public async Task On_loopback_another_host_name_is_refused(string host)
    {
        Answer answer = await _toxiproxy.Send("GET", "/version", null, ("Host", host));

        Assert.That(answer.Status, Is.EqualTo(421));
        Assert.That(answer.Body, Does.Contain("ask localhost"));
        Assert.That((await _toxiproxy.Send("GET", "/version", null, ("Host", "localhost:1"))).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Beyond_loopback_any_host_is_taken_and_the_log_says_so()
    {
        await using RunningToxiproxy open = await RunningToxiproxy.Start(settings => settings with { Api = ProxyEndpoint.Parse("*:0") });

        Assert.That((await open.Send("GET", "/version", null, ("Host", "toxiproxy:8474"))).Status, Is.EqualTo(200));
        Assert.That(open.Log.CountOf("ToxiproxyIsOpen"), Is.EqualTo(1));
        Assert.That(_toxiproxy.Log.CountOf("ToxiproxyIsOpen"), Is.Zero);
    }

    [Test]
    public async Task A_name_is_decoded_once()
    {
        await _toxiproxy.Post("/proxies", """{"name":"a %2F é","upstream":"localhost:1","enabled":false}""");

        Assert.That((await _toxiproxy.Get("/proxies/a%20%252F%20%C3%A9")).Status, Is.EqualTo(200));
        Assert.That((await _toxiproxy.Get("/proxies/a%20%2F%20%C3%A9")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task A_body_of_more_than_a_mebibyte_is_refused()
    {
        Answer answer = await _toxiproxy.Post("/proxies", new string(' ', (1024 * 1024) + 1));

        Assert.That(answer.Status, Is.EqualTo(413));
        Assert.That(answer.Body, Does.StartWith("{\"error\":\"bad request body: "));
    }

    [Test]
    public async Task A_target_in_absolute_form_is_taken()
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _toxiproxy.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"GET http://127.0.0.1:{_toxiproxy.Port}/version HTTP/1.1\r\nHost: 127.0.0.1:{_toxiproxy.Port}\r\nConnection: close\r\n\r\n"));

        using var reader = new StreamReader(client.GetStream());
        string answer = await Bound.Within("the answer", async token => await reader.ReadToEndAsync(token));

        Assert.That(answer, Does.StartWith("HTTP/1.1 200 OK"));
    }
}
