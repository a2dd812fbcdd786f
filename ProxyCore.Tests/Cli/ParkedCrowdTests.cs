using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Cli;

/// <summary>Thousands of connections, in a process of its own: here they would need more descriptors than there may be.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class ParkedCrowdTests
{
    private const int Clients = 5000;

    [Test]
    public async Task Five_thousand_quiet_connections_all_wake_at_once_and_leave_nothing_behind()
    {
        await using var upstream = new EchoUpstream();
        await using CommandProcess command = CommandProcess.Start(
            "--listen", "127.0.0.1:0", "--upstream", $"{upstream.Endpoint}", "--max-connections", $"{Clients}");
        var endpoint = new IPEndPoint(IPAddress.Loopback, await command.PortAsync());
        int socketsBefore = command.Sockets();
        using (Crowd crowd = await Crowd.OfEchoes(endpoint, Clients))
        {
            await crowd.Echoes("good morning");
            await crowd.Echoes("good night");
            Assert.That(command.Sockets(), Is.EqualTo(socketsBefore + (2 * Clients)));
            crowd.EndInEveryWay();
        }

        await upstream.HasNoConnections();
        command.Signal(CommandProcess.Sigterm);
        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(command.Error, Is.Empty);
    }
}
