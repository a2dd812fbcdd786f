using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Cli.Signals;

[Platform(Exclude = "Win", Reason = "Signals are sent with kill.")]
[Parallelizable(ParallelScope.Self)]
internal sealed class StopTests
{
    private const string HowToEndAtOnce = "[INFO] Press Ctrl+C again to end at once";

    private EchoUpstream _upstream = null!;

    [SetUp]
    public void StartUpstream() => _upstream = new EchoUpstream();

    [TearDown]
    public async Task StopUpstream() => await _upstream.DisposeAsync();

    [TestCase(CommandProcess.Sigint)]
    [TestCase(CommandProcess.Sigterm)]
    public async Task A_signal_without_connections_stops_with_exit_code_0(int signal)
    {
        await using CommandProcess command = Start();
        await command.PortAsync();

        command.Signal(signal);

        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(command.Output[^1], Is.EqualTo("[INFO] Server stopped"));
        Assert.That(command.Output, Has.None.EqualTo(HowToEndAtOnce));
        Assert.That(command.Error, Is.Empty);
    }

    [TestCase(CommandProcess.Sigint)]
    [TestCase(CommandProcess.Sigterm)]
    public async Task First_signal_lets_open_connections_finish(int signal)
    {
        await using CommandProcess command = Start();
        Peer client = await EchoClient.ConnectAsync(await command.PortAsync());

        command.Signal(signal);
        await command.OutputLineAsync("[INFO] Draining: 1 still open");
        await command.OutputLineAsync(HowToEndAtOnce);
        await client.Echoes(new byte[100_000]);
        client.Dispose();

        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(command.Output, Has.None.StartsWith("[WARN]"));
    }

    [TestCase(CommandProcess.Sigint, CommandProcess.Sigint, 130)]
    [TestCase(CommandProcess.Sigterm, CommandProcess.Sigterm, 143)]
    [TestCase(CommandProcess.Sigterm, CommandProcess.Sigint, 130)]
    public async Task Second_signal_ends_at_once(int first, int second, int exitCode)
    {
        await using CommandProcess command = Start();
        using Peer client = await EchoClient.ConnectAsync(await command.PortAsync());

        command.Signal(first);
        await command.OutputLineAsync(HowToEndAtOnce);
        command.Signal(second);
        await client.ReceiveWhatComes();

        Assert.That(await command.ExitAsync(), Is.EqualTo(exitCode));
        Assert.That(command.Error, Is.Empty);
    }

    [Test]
    public async Task What_is_open_after_the_drain_timeout_is_cut_with_exit_code_0()
    {
        await using CommandProcess command = Start("--drain-timeout", "50ms");
        using Peer client = await EchoClient.ConnectAsync(await command.PortAsync());

        command.Signal(CommandProcess.Sigint);
        await client.ReceiveWhatComes();

        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(command.Output, Has.One.StartsWith("[WARN] Cutting: 1 still open"));
    }

    private CommandProcess Start(params string[] more) =>
        CommandProcess.Start(["--listen", "127.0.0.1:0", "--upstream", _upstream.Endpoint.ToString()!, .. more]);
}
