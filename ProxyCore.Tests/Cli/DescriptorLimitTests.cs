using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Cli;

/// <summary>Out of descriptors, in a process of its own: no spin, nobody lost, and everybody served in the end.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class DescriptorLimitTests
{
    private const int Limit = 150;
    private const int Clients = 120;

    [Test]
    public async Task Out_of_descriptors_it_waits_quietly_and_serves_everybody_in_the_end()
    {
        await using var upstream = new EchoUpstream();
        await using CommandProcess command = CommandProcess.StartLimited(
            Limit, "--listen", "127.0.0.1:0", "--upstream", $"{upstream.Endpoint}", "--max-connections", "1000",
            "--log-level", "debug");
        var endpoint = new IPEndPoint(IPAddress.Loopback, await command.PortAsync());
        using (Peer warmUp = await Peer.Connect(endpoint))
        {
            await warmUp.Echoes("hello");
        }

        await command.OutputLineAsync("Connection 1: ended");
        int socketsBefore = command.Sockets();
        using Peer served = await Peer.Connect(endpoint);
        await served.Echoes("hello");
        Peer[] clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Peer.Connect(endpoint)));
        await Task.WhenAll(clients.Select(static client => client.Send("hello")));
        await command.OutputLineAsync("can't accept: out of descriptors");

        await IsQuiet(command, served);

        await Task.WhenAll(clients.Select(static async client =>
        {
            Assert.That(await client.ReceiveText(5), Is.EqualTo("hello"));
            client.Dispose();
        }));
        served.Dispose();
        for (int connection = 2; connection <= Clients + 2; connection++)
        {
            await command.OutputLineAsync($"Connection {connection}: ended, ClientFin");
        }

        Assert.That(command.Sockets(), Is.EqualTo(socketsBefore));
        command.Signal(CommandProcess.Sigterm);
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    /// <summary>Every echo costs the loop two Selects; a spin would add tens of thousands.</summary>
    private static async Task IsQuiet(CommandProcess command, Peer served)
    {
        const int Echoes = 300;
        const int PausesAndRetries = 500;
        int before = Selects(command);
        for (int i = 0; i < Echoes; i++)
        {
            await served.Echoes("hello");
        }

        Assert.That(Selects(command) - before, Is.LessThanOrEqualTo((3 * Echoes) + PausesAndRetries));
    }

    private static int Selects(CommandProcess command) =>
        command.Output.Count(static line => line == "[DEBUG] Select wait");
}
