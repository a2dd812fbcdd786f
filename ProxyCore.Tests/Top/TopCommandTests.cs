using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Top;

/// <summary><c>proxycore top</c> beside a proxy that runs.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class TopCommandTests
{
    private const string Token = "a-token-of-some-length";

    [Test]
    public async Task Proxy_is_shown_once_where_the_output_is_no_terminal()
    {
        await using var upstream = new EchoUpstream();
        await using CommandProcess proxy = CommandProcess.Start("--listen", "127.0.0.1:0", "--upstream", upstream.Endpoint.ToString()!, "--admin", "127.0.0.1:0");
        using Peer client = await Peer.Connect(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, await proxy.PortAsync()));
        await client.Echoes("hello");

        await using CommandProcess top = await CommandProcess.RunAsync("top", await AdminEndpoint(proxy), "--interval", "1s");

        Assert.That(await top.ExitAsync(), Is.Zero);
        Assert.That(top.Output[0], Does.Match("^proxycore .* Running .* 1 of .* connections"));
        Assert.That(top.Output, Has.Some.Contains(client.Socket.LocalEndPoint!.ToString()));
        Assert.That(top.Output, Has.Some.Contains(upstream.Endpoint.ToString()));
    }

    [Test]
    public async Task Page_with_a_token_asks_for_it()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.FullName, "token");
        await File.WriteAllTextAsync(file, Token + "\n");
        await using CommandProcess proxy = CommandProcess.Start("--listen", "127.0.0.1:0", "--upstream", "9", "--admin", "127.0.0.1:0", "--admin-token-file", file);
        string endpoint = await AdminEndpoint(proxy);

        await using CommandProcess without = await CommandProcess.RunAsync("top", endpoint);
        await using CommandProcess wrong = CommandProcess.StartWith([("PROXYCORE_ADMIN_TOKEN", Token + "x")], "top", endpoint);
        await using CommandProcess with = await CommandProcess.RunAsync("top", endpoint, "--admin-token-file", file, "--interval", "1ms");

        await using CommandProcess url = await CommandProcess.RunAsync("top", $"http://{endpoint}/", "--admin-token-file", file, "--interval", "1ms");
        Assert.That(url.Output[0], Does.Contain("Running"), "its address as in a browser");
        Assert.That(without.Error, Is.EqualTo([$"proxycore: The admin page at {endpoint} does not serve: it asks for a token: --admin-token-file"]));
        Assert.That((await without.ExitAsync(), await wrong.ExitAsync(), await with.ExitAsync()), Is.EqualTo((1, 1, 0)));
        Assert.That(wrong.Error, Is.EqualTo([$"proxycore: The admin page at {endpoint} does not serve: it does not take the token: it was started with another"]));
        Assert.That(with.Output[0], Does.Contain("Running"));
    }

    [Test]
    public async Task Nobody_there_is_told_in_one_line()
    {
        using var refused = new RefusedEndpoint();

        await using CommandProcess top = await CommandProcess.RunAsync("top", refused.Endpoint.ToString()!);

        Assert.That(top.Error, Is.EqualTo([$"proxycore: The admin page at {refused.Endpoint} does not serve: Connection refused"]));
        Assert.That(await top.ExitAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task Somebody_else_there_is_told_in_one_line()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "index.html"), "not a snapshot");
        await using CommandProcess demo = CommandProcess.Start("demo", folder.FullName, "--listen", "127.0.0.1:0");
        string endpoint = $"127.0.0.1:{await demo.PortAsync()}";

        await using CommandProcess top = await CommandProcess.RunAsync("top", endpoint);

        Assert.That(top.Error, Is.EqualTo([$"proxycore: The admin page at {endpoint} does not serve: what answers there is no admin page of proxycore"]));
        Assert.That(await top.ExitAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_socket_that_is_not_there_is_told_in_one_line()
    {
        await using CommandProcess top = await CommandProcess.RunAsync("top", "unix:/no/such/socket");

        Assert.That(top.Error, Is.EqualTo(["proxycore: The admin page at unix:/no/such/socket does not serve: there is no such address or socket"]));
        Assert.That(await top.ExitAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_page_on_every_address_is_found_by_what_the_option_said()
    {
        await using CommandProcess proxy = CommandProcess.StartWith(
            [("PROXYCORE_ADMIN_TOKEN", Token)], "--listen", "127.0.0.1:0", "--upstream", "9", "--admin", "*:0");
        string port = (await AdminEndpoint(proxy)).Split(':')[1];

        await using CommandProcess top = CommandProcess.StartWith(
            [("PROXYCORE_ADMIN_TOKEN", Token)], "top", $"*:{port}", "--interval", "1ms");

        Assert.That(await top.ExitAsync(), Is.Zero);
        Assert.That(top.Output[0], Does.Contain("Running"));
    }

    [TestCase("top 0", "ENDPOINT: '0' has port 0: the log of the proxy says which one it got")]
    [TestCase("top x", "ENDPOINT: 'x' is no endpoint: expected PORT, HOST:PORT or unix:/path")]
    [TestCase("top https://localhost:9090", "ENDPOINT: 'https://localhost:9090': the admin page speaks http, not https")]
    [TestCase("top http://localhost:9090/api", "ENDPOINT: 'http://localhost:9090/api' is no address of an admin page: write http://HOST:PORT/")]
    [TestCase("top --listen", "Unrecognized command or argument '--listen'.")]
    [TestCase("--admin 9099 top", "--admin: has no meaning before 'top'")]
    [TestCase("--log-level debug top 1", "--log-level: has no meaning before 'top'")]
    public async Task A_mistake_is_one_line_that_names_it(string arguments, string mistake)
    {
        await using CommandProcess top = await CommandProcess.RunAsync(arguments.Split(' '));

        Assert.That(top.Error, Is.EqualTo([$"proxycore: {mistake}", "Try 'proxycore --help'."]));
        Assert.That(await top.ExitAsync(), Is.EqualTo(2));
    }

    private static async Task<string> AdminEndpoint(CommandProcess proxy)
    {
        string line = await proxy.OutputLineAsync("Admin page on http://");
        return new Uri(line[line.IndexOf("http://", StringComparison.Ordinal)..]).Authority;
    }
}
