using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Cli.Signals;

/// <summary>SIGHUP, whenever it comes.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.Self)]
internal sealed class HangupTests
{
    private const string Ignored = "[INFO] SIGHUP is ignored: the proxy is stopping";

    private EchoUpstream _upstream = null!;
    private TemporaryFolder _folder = null!;
    private string _file = null!;

    [SetUp]
    public void Prepare()
    {
        _upstream = new EchoUpstream();
        _folder = new TemporaryFolder();
        string configuration = $$"""
            { "ProxyCore": { "Routes": [ { "Listen": ["127.0.0.1:0"], "Upstreams": [ { "Address": "{{_upstream.Endpoint}}" } ] } ] } }
            """;
        _file = _folder.Add("proxycore.json", System.Text.Encoding.UTF8.GetBytes(configuration));
    }

    [TearDown]
    public async Task CleanUp()
    {
        _folder.Dispose();
        await _upstream.DisposeAsync();
    }

    [Test]
    public async Task In_the_drain_it_is_ignored_and_cuts_nobody([Values] bool hasFile)
    {
        await using CommandProcess command = Start(hasFile);
        Peer client = await EchoClient.ConnectAsync(await command.PortAsync());
        command.Signal(CommandProcess.Sigterm);
        await command.OutputLineAsync("[INFO] Draining: 1 still open");
        await command.OutputLineAsync("again to end at once");

        command.Signal(CommandProcess.Sighup);
        await command.OutputLineAsync(Ignored);
        await client.Echoes(new byte[100_000]);
        client.Dispose();

        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    public async Task Before_the_proxy_runs_it_is_kept_and_obeyed_once_it_does()
    {
        await using CommandProcess command = Start(hasFile: true);
        await Bound.Within("the handler", async token =>
        {
            while (!command.Handles(CommandProcess.Sighup))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), token);
            }

            return true;
        });

        command.Signal(CommandProcess.Sighup);

        await command.OutputLineAsync("Configuration applied");
        Assert.That(command.Output[0], Does.StartWith("[INFO] Server listening"));
        command.Signal(CommandProcess.Sigterm);
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    public async Task To_its_very_end_it_ends_no_process()
    {
        await using CommandProcess command = Start(hasFile: true);
        await command.PortAsync();
        command.Signal(CommandProcess.Sigterm);

        Task<int> exit = command.ExitAsync();
        while (!exit.IsCompleted && command.TrySignal(CommandProcess.Sighup))
        {
            await Task.Yield();
        }

        Assert.That(await exit, Is.Zero);
    }

    [Test]
    public async Task A_process_that_was_started_with_it_ignored_reads_its_file_again_all_the_same()
    {
        await using CommandProcess command = CommandProcess.StartAfter("trap '' HUP", "--config", _file);
        await command.PortAsync();

        command.Signal(CommandProcess.Sighup);

        await command.OutputLineAsync("Configuration applied");
        command.Signal(CommandProcess.Sigterm);
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    public async Task Without_a_file_it_asks_for_the_drain()
    {
        await using CommandProcess command = Start(hasFile: false);
        Peer client = await EchoClient.ConnectAsync(await command.PortAsync());

        command.Signal(CommandProcess.Sighup);
        await command.OutputLineAsync("[INFO] Draining: 1 still open");
        await client.Echoes(new byte[100_000]);
        client.Dispose();

        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    public async Task Without_a_file_a_process_that_was_started_with_it_ignored_goes_on()
    {
        await using CommandProcess command = CommandProcess.StartAfter(
            "trap '' HUP", "--listen", "127.0.0.1:0", "--upstream", _upstream.Endpoint.ToString()!);
        int port = await command.PortAsync();

        command.Signal(CommandProcess.Sighup);

        using (Peer client = await EchoClient.ConnectAsync(port))
        {
            await client.Echoes("still there");
        }

        command.Signal(CommandProcess.Sigterm);
        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(command.Output, Has.None.Contains("SIGHUP"));
    }

    private CommandProcess Start(bool hasFile) => hasFile
        ? CommandProcess.Start("--config", _file)
        : CommandProcess.Start("--listen", "127.0.0.1:0", "--upstream", _upstream.Endpoint.ToString()!);
}
