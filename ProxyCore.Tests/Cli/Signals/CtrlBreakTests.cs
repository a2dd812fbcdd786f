using System.Runtime.Versioning;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Cli.Signals;

/// <summary>What Ctrl+Break does, the event that a Windows process can be sent by another. Ctrl+C has the same handler.</summary>
[Platform("Win", Reason = "Elsewhere there are signals: see StopTests.")]
[SupportedOSPlatform("windows")]
internal sealed class CtrlBreakTests
{
    private EchoUpstream _upstream = null!;

    [SetUp]
    public void StartUpstream() => _upstream = new EchoUpstream();

    [TearDown]
    public async Task StopUpstream() => await _upstream.DisposeAsync();

    [Test]
    public async Task The_first_lets_open_connections_finish()
    {
        await using CommandProcess command = Start();
        Peer client = await EchoClient.ConnectAsync(await command.PortAsync());

        command.PressCtrlBreak();
        await command.OutputLineAsync("[INFO] Draining: 1 still open");
        await client.Echoes(new byte[100_000]);
        client.Dispose();

        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(command.Output, Has.None.StartsWith("[WARN]"));
    }

    [Test]
    public async Task The_second_ends_at_once()
    {
        await using CommandProcess command = Start();
        using Peer client = await EchoClient.ConnectAsync(await command.PortAsync());

        command.PressCtrlBreak();
        await command.OutputLineAsync("[INFO] Press Ctrl+C again to end at once");
        command.PressCtrlBreak();

        Assert.That(await command.ExitAsync(), Is.EqualTo(ProxyCore.Cli.ExitCode.EndedBySigterm));
    }

    private CommandProcess Start() =>
        CommandProcess.StartInGroup("--listen", "127.0.0.1:0", "--upstream", _upstream.Endpoint.ToString()!);
}
