using System.Net;
using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Discovery;

/// <summary>The command with SRV records, as a process of its own.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class CommandTests
{
    [Test]
    public async Task Relay_to_a_service_goes_to_the_server_in_its_record()
    {
        await using var echo = new EchoUpstream();
        await using var dns = new TestDns();
        dns.Serve(
            ZoneRecord.OfService("_echo._tcp.example.test", 0, 0, ((IPEndPoint)echo.Endpoint).Port, "a.example.test"),
            ZoneRecord.OfAddress("a.example.test", "127.0.0.1"));
        await using CommandProcess command = CommandProcess.Start(
            "--listen", "127.0.0.1:0", "--upstream", "srv:_echo._tcp.example.test", "--dns", dns.Endpoint.ToString());
        int port = await command.PortAsync();
        using (Peer client = await EchoClient.ConnectAsync(port))
        {
            await client.Echoes("hello");
        }

        await command.OutputLineAsync("srv:_echo._tcp.example.test has 1 server: a.example.test:");
        command.Signal(CommandProcess.Sigterm);
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    public async Task Check_with_resolve_warns_of_a_service_without_servers()
    {
        await using var dns = new TestDns();
        dns.Serve(
            ZoneRecord.OfService("_good._tcp.test", 0, 0, 1, "a.test"), ZoneRecord.OfAddress("a.test", "127.0.0.1"),
            ZoneRecord.OfService("_gone._tcp.test", 0, 0, 0, "."));
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.FullName, "proxycore.json");
        File.WriteAllText(file, $$"""
            { "ProxyCore": { "Dns": { "Servers": ["{{dns.Endpoint}}"] }, "Routes": [ { "Listen": ["127.0.0.1:0"], "Upstreams": [
              { "Address": "srv:_good._tcp.test" }, { "Address": "srv:_gone._tcp.test" }, { "Address": "srv:_none._tcp.test" } ] } ] } }
            """);

        await using CommandProcess command = await CommandProcess.RunAsync("check", "--config", file, "--resolve");

        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(
            command.Error,
            Is.EqualTo(
            [
                $"proxycore: warning: {file}: Routes:0:Upstreams:1:Address: 'srv:_gone._tcp.test' does not resolve: the service is withdrawn",
                $"proxycore: warning: {file}: Routes:0:Upstreams:2:Address: 'srv:_none._tcp.test' does not resolve: the name has no SRV records",
            ]));
    }
}
