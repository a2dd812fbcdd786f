using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Cli;

[Parallelizable(ParallelScope.Self)]
internal sealed class LoopsTests
{
    [Test]
    public async Task Output_tells_of_one_server_however_many_loops_it_has()
    {
        await using var upstream = new EchoUpstream();
        await using CommandProcess command = CommandProcess.Start(
            "--listen", "localhost:0", "--upstream", $"{upstream.Endpoint}", "--loops", "3");
        var endpoint = new IPEndPoint(IPAddress.Loopback, await command.PortAsync());

        for (int client = 0; client < 20; client++)
        {
            using Peer peer = await Peer.Connect(endpoint);
            await peer.Echoes("hello");
            peer.Fin();
            await peer.ReceivesEof();
        }

        command.Signal(CommandProcess.Sigterm);
        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(
            command.Output,
            Is.EqualTo(new[] { $"[INFO] Server listening on port {endpoint.Port} (localhost:{endpoint.Port}, route1)", "[INFO] Server stopped" }));
    }
}
