using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Telemetry;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Admin;

/// <summary>The admin page and the export as options of the command.</summary>
[Platform(Exclude = "Win", Reason = "Signals are sent with kill.")]
[Parallelizable(ParallelScope.Self)]
internal sealed class CommandTests
{
    private const string Variable = "PROXYCORE_ADMIN_TOKEN";
    private const string Beyond = "can be reached from elsewhere: that needs a token, by --admin-token-file or PROXYCORE_ADMIN_TOKEN";

    [TestCase("--admin *:9090", "--admin: '*:9090' " + Beyond)]
    [TestCase("--admin 192.0.2.1:9090", "--admin: '192.0.2.1:9090' " + Beyond)]
    [TestCase("--admin [::]:9090", "--admin: '[::]:9090' " + Beyond)]
    [TestCase("demo --admin *:9090", "--admin: '*:9090' " + Beyond)]
    [TestCase("--admin nowhere", "--admin: 'nowhere' is no endpoint: expected PORT, HOST:PORT or unix:/path")]
    [TestCase("--admin name:80", "--admin: 'name:80' is a name: listen on PORT, localhost:PORT, *:PORT, an address or unix:/path")]
    [TestCase("--admin", "Required argument missing for option: '--admin'.")]
    [TestCase("--admin 1 --admin 2", "Option '--admin' expects a single argument but 2 were provided.")]
    [TestCase("--admin-token-file /dev/null", "--admin-token-file: has no meaning without --admin")]
    [TestCase("--admin 1 --admin-token-file /no/such/file", "--admin-token-file: '/no/such/file' does not exist")]
    [TestCase("--admin 1 --admin-token-file /", "--admin-token-file: '/' can't be read: permission denied, or it is a folder")]
    [TestCase("--admin 1 --admin-token-file /dev/null", "--admin-token-file: '/dev/null': the token has 0 characters: from 16 to 1024 are needed")]
    [TestCase("--admin 1 --admin-token-file=", "Required argument missing for option: '--admin-token-file'.")]
    [TestCase("--otlp collector", "--otlp: 'collector' is no URL of a collector: write http://HOST:PORT or https://HOST:PORT")]
    [TestCase("--otlp ftp://collector", "--otlp: 'ftp://collector' is no URL of a collector: write http://HOST:PORT or https://HOST:PORT")]
    [TestCase("--otlp --otlp-protocol soap", "--otlp-protocol: 'soap' is no protocol: grpc or http")]
    [TestCase("--otlp-protocol grpc", "--otlp-protocol: has no meaning without --otlp")]
    public async Task A_mistake_is_one_line_and_exit_code_2(string arguments, string mistake)
    {
        await using CommandProcess command = await CommandProcess.RunAsync(arguments.Split(' '));

        Assert.That(command.Error, Is.EqualTo([$"proxycore: {mistake}", "Try 'proxycore --help'."]));
        Assert.That(command.Output, Is.Empty);
        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
    }

    [TestCase("")]
    [TestCase("fifteen-letters")]
    public async Task A_variable_that_holds_no_token_is_refused(string token)
    {
        await using CommandProcess command = CommandProcess.StartWith([(Variable, token)], "--admin", "localhost:0");

        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
        Assert.That(command.Error[0], Does.StartWith($"proxycore: {Variable}: the token has {token.Length} characters"));
        Assert.That(command.Error, Has.Length.EqualTo(2));
    }

    [Test]
    public async Task A_port_in_use_is_one_line_and_no_proxy_is_left()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();

        await using CommandProcess command = await CommandProcess.RunAsync(
            "--listen", "localhost:0", "--admin", $"{holder.LocalEndpoint}");

        Assert.That(command.Error, Is.EqualTo([$"proxycore: Cannot listen on {holder.LocalEndpoint}: the address is already in use"]));
        Assert.That(command.Output, Is.Empty);
        Assert.That(await command.ExitAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_proxy_that_cannot_listen_leaves_no_page()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();

        await using CommandProcess command = await CommandProcess.RunAsync(
            "--listen", $"{holder.LocalEndpoint}", "--admin", "localhost:0");

        Assert.That(command.Error, Has.Length.EqualTo(1).And.One.Contains($"Cannot listen on {holder.LocalEndpoint}"));
        Assert.That(await command.ExitAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task The_token_of_the_variable_is_asked_for()
    {
        await using CommandProcess command = CommandProcess.StartWith(
            [(Variable, RunningAdmin.Token)], "--listen", "localhost:0", "--admin", "*:0");

        await IsAskedFor(command);
    }

    [Test]
    public async Task The_token_of_the_file_is_asked_for_also_with_a_configuration()
    {
        using var folder = new TemporaryFolder();
        string token = folder.Add("token", System.Text.Encoding.ASCII.GetBytes($"{RunningAdmin.Token}\n"));
        string file = folder.Add(
            "proxycore.json",
            """{ "ProxyCore": { "Routes": [ { "Listen": ["localhost:0"], "Upstreams": [ { "Address": "localhost:1" } ] } ] } }"""u8.ToArray());
        await using CommandProcess command = CommandProcess.Start(
            "--config", file, "--admin", "localhost:0", "--admin-token-file", token);

        await IsAskedFor(command);
    }

    [Test]
    public async Task It_is_served_on_a_unix_socket_whatever_the_host_and_removed_at_the_stop()
    {
        using var folder = new TemporaryFolder();
        string path = $"{folder.FullName}/admin";
        await using CommandProcess command = CommandProcess.Start("--listen", "localhost:0", "--admin", $"unix:{path}");
        await command.OutputLineAsync($"[INFO] Admin page on unix:{path}");
        await command.PortAsync();

        using (Peer client = await Peer.Connect(new UnixDomainSocketEndPoint(path)))
        {
            await client.Send("GET /readyz HTTP/1.1\r\nHost: anything\r\nConnection: close\r\n\r\n");
            Assert.That(System.Text.Encoding.ASCII.GetString(await client.ReceiveToEnd()), Does.StartWith("HTTP/1.1 200 OK").And.EndsWith("ok"));
        }

        command.Signal(CommandProcess.Sigterm);
        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(File.Exists(path), Is.False);
    }

    [Test]
    public async Task While_it_drains_the_page_answers_that_it_is_not_ready()
    {
        await using var upstream = new EchoUpstream();
        await using CommandProcess command = CommandProcess.Start(
            "--listen", "localhost:0", "--upstream", $"{upstream.Endpoint}", "--admin", "localhost:0", "--drain-timeout", "1h");
        using HttpClient http = await HttpAsync(command);
        using Peer client = await EchoClient.ConnectAsync(await command.PortAsync());
        Assert.That(await http.GetStringAsync("/readyz"), Is.EqualTo("ok"));

        command.Signal(CommandProcess.Sigterm);
        await command.OutputLineAsync("Press Ctrl+C again");

        using HttpResponseMessage ready = await http.GetAsync("/readyz");
        Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await ready.Content.ReadAsStringAsync(), Is.EqualTo("draining"));
        await client.Echoes("still relayed");
        client.Fin();
        await client.ReceivesEof();

        // Far from the hour of the drain, though the page's connection is open still.
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    public async Task Connections_over_the_pages_limit_do_not_fill_the_log()
    {
        // Twice the page's own limit is that of Kestrel, which warns of each connection above it. Only a burst exceeds
        // it: the page closes a quiet connection for each new one. So the process stands still while they connect.
        const int Burst = 300;
        await using CommandProcess command = CommandProcess.Start("--listen", "localhost:0", "--admin", "127.0.0.1:0");
        string line = await command.OutputLineAsync("[INFO] Admin page on http://127.0.0.1:");
        int port = new Uri(line.Split(' ')[^1]).Port;
        await command.PortAsync();
        var peers = new List<Peer>();
        command.Signal(CommandProcess.Sigstop);
        for (int i = 0; i < Burst; i++)
        {
            peers.Add(await Peer.Connect(new IPEndPoint(IPAddress.Loopback, port)));
        }

        command.Signal(CommandProcess.Sigcont);
        await peers[0].ReceiveWhatComes();
        peers.ForEach(static peer => peer.Dispose());
        command.Signal(CommandProcess.Sigterm);
        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(command.Output, Has.None.Contains("rejected"));
    }

    [Test]
    public async Task What_was_counted_until_the_stop_has_reached_the_collector_after_it()
    {
        await using FakeCollector collector = await FakeCollector.StartAsync(HttpProtocols.Http1);
        await using var upstream = new EchoUpstream();
        await using CommandProcess command = CommandProcess.Start(
            "--listen", "localhost:0", "--upstream", $"{upstream.Endpoint}", "--otlp", collector.Url, "--otlp-protocol", "http");
        using (Peer client = await EchoClient.ConnectAsync(await command.PortAsync()))
        {
            await client.Echoes("hello");
        }

        command.Signal(CommandProcess.Sigterm);

        Assert.That(await command.ExitAsync(), Is.Zero);
        await collector.Received("/v1/metrics", "proxycore.accepted_connections");
    }

    [Test]
    public async Task Nobody_at_the_collector_is_one_warning_and_does_not_hold_up_the_stop()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using CommandProcess command = CommandProcess.Start(
            "--listen", "localhost:0", "--otlp", $"http://{silent.LocalEndpoint}");
        await command.PortAsync();

        command.Signal(CommandProcess.Sigterm);

        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(command.Error, Is.Empty);
        Assert.That(command.Output.Count(static line => line.StartsWith("[WARN]", StringComparison.Ordinal)), Is.LessThanOrEqualTo(1));
    }

    private static async Task<HttpClient> HttpAsync(CommandProcess command)
    {
        string line = await command.OutputLineAsync("[INFO] Admin page on http://localhost:");
        await command.PortAsync();
        return new HttpClient { BaseAddress = new Uri(line.Split(' ')[^1]), Timeout = Bound.Wait };
    }

    private static async Task IsAskedFor(CommandProcess command)
    {
        using HttpClient http = await HttpAsync(command);

        using (HttpResponseMessage without = await http.GetAsync("/api/snapshot"))
        {
            Assert.That(without.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        }

        http.DefaultRequestHeaders.Authorization = new("Bearer", RunningAdmin.Token);
        Assert.That(await http.GetStringAsync("/api/snapshot"), Does.Contain("\"canEnd\":true"));
        Assert.That(string.Concat(command.Output), Does.Not.Contain(RunningAdmin.Token));
    }
}
