using System.Text.Json;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Cli.Logging;

[Platform(Exclude = "Win", Reason = "Signals are sent with kill.")]
[Parallelizable(ParallelScope.Self)]
internal sealed class LogOutputTests
{
    private EchoUpstream _upstream = null!;

    [SetUp]
    public void StartUpstream() => _upstream = new EchoUpstream();

    [TearDown]
    public async Task StopUpstream() => await _upstream.DisposeAsync();

    [Test]
    public async Task Text_lines_are_the_courses_without_colours_when_redirected()
    {
        await using CommandProcess command = Start("--log-level", "trace");
        int port = await command.PortAsync();
        using (Peer client = await EchoClient.ConnectAsync(port))
        {
            await client.Echoes("hello\r\n"u8.ToArray());
        }

        command.Signal(CommandProcess.Sigterm);

        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(command.Output, Has.One.EqualTo($"[INFO] Server listening on port {port} (127.0.0.1:{port}, route1)"));
        Assert.That(command.Output, Has.Some.EqualTo("[DEBUG] Select wait"));
        Assert.That(command.Output, Has.Some.EqualTo("[CLIENT MESSAGE] hello\\r\\n"));
        Assert.That(command.Output, Has.None.Contains("\e"));
        Assert.That(command.Output, Has.All.Match(@"^\[(TRACE|DEBUG|INFO|WARN|ERROR|CRITICAL|CLIENT MESSAGE)\] "));
    }

    [TestCase("--log-time utc", @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \[INFO\] Server ")]
    [TestCase("--log-time local", @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d \[INFO\] Server ")]
    [TestCase("--log-time none", @"^\[INFO\] Server ")]
    [TestCase("", @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \[INFO\] Server ")]
    public async Task Lines_that_no_terminal_shows_have_the_time_unless_it_is_not_wanted(string arguments, string line)
    {
        await using CommandProcess command = Start(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        await command.PortAsync();

        command.Signal(CommandProcess.Sigterm);

        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(command.OutputWithTimes, Has.Length.EqualTo(2).And.All.Match(line));
    }

    [Test]
    public async Task Json_lines_are_objects_with_the_event_and_its_values()
    {
        await using CommandProcess command = Start("--log-level", "trace", "--log-format", "json");
        using JsonDocument listening = JsonDocument.Parse(await command.OutputLineAsync("listening"));
        int port = listening.RootElement.GetProperty("State").GetProperty("Port").GetInt32();
        using (Peer client = await EchoClient.ConnectAsync(port))
        {
            command.Signal(CommandProcess.Sigterm);
            await command.OutputLineAsync("again to end at once");
        }

        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(command.Output.Length, Is.GreaterThan(5));
        foreach (string line in command.Output)
        {
            using JsonDocument entry = JsonDocument.Parse(line);
            Assert.That(entry.RootElement.GetProperty("Category").GetString(), Does.StartWith("ProxyCore"));
        }
    }

    [TestCase("none")]
    [TestCase("error")]
    [TestCase("Critical")]
    public async Task Quieter_levels_leave_the_lines_out(string level)
    {
        using var folder = new TemporaryFolder();
        string path = $"{folder.FullName}/socket";

        // It says nothing, so its socket's file has to tell that it runs.
        using var watcher = new FileSystemWatcher(folder.FullName);
        var created = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, _) => created.TrySetResult();
        watcher.EnableRaisingEvents = true;
        await using CommandProcess command = CommandProcess.Start(
            "--listen", $"unix:{path}", "--upstream", _upstream.Endpoint.ToString()!, "--log-level", level);
        await Bound.Within("the socket's file", created.Task);

        command.Signal(CommandProcess.Sigterm);

        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(command.Output, Is.Empty);
    }

    [TestCase("WARN", "warning")]
    [TestCase("Information", "info")]
    public async Task Levels_have_the_names_of_net_too_in_any_case(string one, string other)
    {
        await using CommandProcess command = await CommandProcess.RunAsync("--log-level", one, "--listen", "bad");
        await using CommandProcess second = await CommandProcess.RunAsync("--log-level", other, "--listen", "bad");

        Assert.That(command.Error, Has.Length.EqualTo(2).And.All.Not.Contains("--log-level"));
        Assert.That(second.Error, Is.EqualTo(command.Error));
    }

    [Test]
    public async Task A_stalled_reader_of_the_log_does_not_stall_relaying()
    {
        await using CommandProcess command = CommandProcess.StartUnread(
            "--listen", "127.0.0.1:0", "--upstream", _upstream.Endpoint.ToString()!, "--log-level", "trace");
        int port = CommandProcess.PortOf((await command.UnreadOutput.ReadLineAsync())!);

        // A pipe holds 64 KiB and the log's queue 2500 lines; each echo logs some 1 KiB on several lines.
        using (Peer client = await EchoClient.ConnectAsync(port))
        {
            byte[] message = new byte[1000];
            Array.Fill(message, (byte)'x');
            for (int i = 0; i < 2000; i++)
            {
                await client.Echoes(message);
            }
        }

        command.Signal(CommandProcess.Sigterm);
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    private CommandProcess Start(params string[] more) =>
        CommandProcess.Start(["--listen", "127.0.0.1:0", "--upstream", _upstream.Endpoint.ToString()!, .. more]);
}
