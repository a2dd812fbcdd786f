using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Cli;

/// <summary>Health checks of a process that has no descriptor left.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class ChecksWithoutDescriptorsTests
{
    [Test]
    public async Task Out_of_descriptors_takes_no_healthy_upstream_down_and_ends_none_of_its_sessions()
    {
        await using var upstream = new EchoUpstream();
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.FullName, "proxycore.json");
        await File.WriteAllTextAsync(file, $$"""
            { "ProxyCore": { "MaxConnections": 1000, "Routes": [ { "Listen": [ "127.0.0.1:0" ], "ConnectTimeout": "1s",
              "Upstreams": [ { "Address": "{{upstream.Endpoint}}" }, { "Address": "127.0.0.1:1", "Backup": true } ],
              "HealthCheck": { "Interval": "50ms", "Timeout": "100ms", "Fall": 3, "EndSessions": true } } ] } }
            """);
        await using CommandProcess command = CommandProcess.StartLimited(150, "--config", file, "--log-level", "debug");
        var endpoint = new IPEndPoint(IPAddress.Loopback, await command.PortAsync());
        using Peer session = await Peer.Connect(endpoint);
        await session.Echoes("before");

        Peer[] flood = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Peer.Connect(endpoint)));
        await command.OutputLineAsync("can't accept: out of descriptors");
        int before = Checks(command);
        while (Checks(command) < before + 10)
        {
            await session.Echoes("meanwhile");
        }

        await session.Echoes("after");
        Assert.That(command.Output.Where(line => line.Contains($"{upstream.Endpoint} is down") || line.Contains($"check of {upstream.Endpoint} failed")), Is.Empty);
        Array.ForEach(flood, static client => client.Dispose());
    }

    private static int Checks(CommandProcess command) => command.Output.Count(static line =>
        (line.Contains("check of ") && !line.Contains("127.0.0.1:1 ")) || line.Contains("could not be checked"));
}
