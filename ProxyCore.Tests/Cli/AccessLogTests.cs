using System.Net;
using System.Text.Json;
using ProxyCore.Tests.AccessLogs;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Cli;

[Platform(Exclude = "Win", Reason = "Signals are sent with kill.")]
[Parallelizable(ParallelScope.Self)]
internal sealed class AccessLogTests
{
    private EchoUpstream _upstream = null!;
    private TemporaryFolder _folder = null!;

    private string Path => $"{_folder.FullName}/access.log";

    private string[] Route => ["--listen", "127.0.0.1:0", "--upstream", _upstream.Endpoint.ToString()!];

    [SetUp]
    public void Prepare()
    {
        _upstream = new EchoUpstream();
        _folder = new TemporaryFolder();
    }

    [TearDown]
    public async Task CleanUp()
    {
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task File_has_an_object_for_each_connection()
    {
        await RelayThrough(CommandProcess.Start([.. Route, "--access-log", Path, "--access-log-format", "json"]));

        LoggedEnd end = LoggedEnd.ReadAll(Path).Single();
        Assert.That((end.Reason, end.BytesToUpstream, end.Upstream), Is.EqualTo(("ClientFin", 5L, _upstream.Endpoint.ToString())));
    }

    [Test]
    [Platform("Linux")]
    public async Task File_at_the_size_limit_of_the_process_loses_lines_and_nothing_else()
    {
        // One kilobyte: ten lines hardly fit. The runtime's own files in memory have the same limit; without them it does.
        await using CommandProcess command = CommandProcess.StartAfter(
            "export DOTNET_EnableWriteXorExecute=0 && ulimit -f 1", [.. Route, "--access-log", Path]);
        var endpoint = new IPEndPoint(IPAddress.Loopback, await command.PortAsync());
        for (int client = 0; client < 20; client++)
        {
            using Peer peer = await Peer.Connect(endpoint);
            await peer.Echoes("hello");
        }

        await command.OutputLineAsync("connections are missing from the access log: File too large");
        using (Peer last = await Peer.Connect(endpoint))
        {
            await last.Echoes("hello");
        }

        command.Signal(CommandProcess.Sigterm);
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    public async Task File_has_a_line_for_people_unless_told_otherwise()
    {
        await RelayThrough(CommandProcess.Start([.. Route, "--access-log", Path]));

        Assert.That(File.ReadAllLines(Path), Has.Length.EqualTo(1).And.All.Contains(" ClientFin client/relaying attempts=1 up=5 down=5 "));
    }

    [TestCase("info")]
    [TestCase("none")]
    public async Task Dash_is_the_log_with_a_label_of_its_own(string level)
    {
        string socket = $"{_folder.FullName}/socket";
        await using CommandProcess command = CommandProcess.Start(
            "--listen", $"unix:{socket}", "--upstream", _upstream.Endpoint.ToString()!, "--access-log", "-", "--log-level", level);
        await Relay(await ConnectTo(socket));

        string line = await command.OutputLineAsync("[ACCESS] ");

        Assert.That(line, Does.Match(@"^\[ACCESS\] 1 route1 unix 127\.0\.0\.1:\d+ ClientFin client/relaying attempts=1 up=5 down=5 "));
        command.Signal(CommandProcess.Sigterm);
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    public async Task Json_log_has_its_values()
    {
        await using CommandProcess command = CommandProcess.Start([.. Route, "--access-log", "-", "--log-format", "json"]);
        using JsonDocument listening = JsonDocument.Parse(await command.OutputLineAsync("listening"));
        await Relay(await Peer.Connect(
            new IPEndPoint(IPAddress.Loopback, listening.RootElement.GetProperty("State").GetProperty("Port").GetInt32())));

        using JsonDocument line = JsonDocument.Parse(await command.OutputLineAsync("ProxyCore.Access"));

        JsonElement state = line.RootElement.GetProperty("State");
        Assert.That(state.GetProperty("Reason").GetString(), Is.EqualTo("ClientFin"));
        Assert.That(state.GetProperty("BytesToUpstream").GetInt64(), Is.EqualTo(5));
    }

    [Test]
    public async Task Demo_has_it_too()
    {
        await using CommandProcess command = CommandProcess.Start(
            "demo", _folder.FullName, "--listen", "127.0.0.1:0", "--access-log", Path);
        using (var http = new HttpClient())
        {
            await http.GetStringAsync($"http://127.0.0.1:{await command.PortAsync()}/");
        }

        command.Signal(CommandProcess.Sigterm);
        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(File.ReadAllLines(Path), Has.Length.EqualTo(1).And.All.Contains(" route1 127.0.0.1:"));
    }

    [Test]
    public async Task It_overrides_the_key_of_a_file()
    {
        string file = _folder.Add("proxycore.json", System.Text.Encoding.UTF8.GetBytes(
            $$"""{ "ProxyCore": { "AccessLog": { "Path": "{{Path}}.other" }, "Routes": [ { "Listen": ["127.0.0.1:0"], "Upstreams": [ { "Address": "{{_upstream.Endpoint}}" } ] } ] } }"""));

        await RelayThrough(CommandProcess.Start("--config", file, "--access-log", Path, "--access-log-format", "json"));

        Assert.That(LoggedEnd.ReadAll(Path), Has.Length.EqualTo(1));
        Assert.That(File.Exists($"{Path}.other"), Is.False);
    }

    [Test]
    public async Task Folder_that_is_missing_is_one_line_and_exit_code_1()
    {
        string path = $"{_folder.FullName}/none/access.log";

        await using CommandProcess command = await CommandProcess.RunAsync([.. Route, "--access-log", path]);

        Assert.That(command.Error, Is.EqualTo([$"proxycore: Cannot write the access log to {path}: its folder does not exist"]));
        Assert.That(await command.ExitAsync(), Is.EqualTo(1));
    }

    [TestCase("--access-log-format json", "--access-log-format: of which file? --access-log names it")]
    [TestCase("--access-log - --access-log-format json", "--access-log-format: is for a file; in the log it has the form of --log-format")]
    [TestCase("--access-log-format json demo", "--access-log-format: of which file? --access-log names it")]
    [TestCase("--access-log x --access-log-format xml", "--access-log-format: 'xml' is no log format: text or json")]
    public async Task Format_of_no_file_is_a_mistake(string arguments, string mistake)
    {
        await using CommandProcess command = await CommandProcess.RunAsync(arguments.Split(' '));

        Assert.That(command.Error, Is.EqualTo([$"proxycore: {mistake}", "Try 'proxycore --help'."]));
        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
    }

    private static async Task RelayThrough(CommandProcess command)
    {
        await using (command)
        {
            await Relay(await Peer.Connect(new IPEndPoint(IPAddress.Loopback, await command.PortAsync())));
            command.Signal(CommandProcess.Sigterm);
            Assert.That(await command.ExitAsync(), Is.Zero);
        }
    }

    private static async Task Relay(Peer client)
    {
        using (client)
        {
            await client.Echoes("hello");
            client.Fin();
            await client.ReceivesEof();
        }
    }

    /// <summary>A command that says nothing tells by its socket that it runs.</summary>
    private static async Task<Peer> ConnectTo(string socket)
    {
        using var timeout = new CancellationTokenSource(Bound.Wait);
        while (true)
        {
            try
            {
                return await Peer.Connect(new System.Net.Sockets.UnixDomainSocketEndPoint(socket));
            }
            catch (System.Net.Sockets.SocketException) when (!timeout.IsCancellationRequested)
            {
                await Task.Delay(20);
            }
        }
    }
}
