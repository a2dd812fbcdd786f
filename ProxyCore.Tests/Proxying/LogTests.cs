using System.Net;
using Microsoft.Extensions.Logging;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>The log tells the life of a connection, in the course's words where it has some.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class LogTests(Parking parking) : ParkingFixture(parking)
{
    [Test]
    public async Task The_life_of_a_connection_is_told_by_its_events()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        EndPoint from;
        using (Peer client = await proxy.Connect())
        {
            from = client.Socket.LocalEndPoint!;
            await client.Send("hello");
            client.Fin();
            await client.ReceiveToEnd();
        }

        await proxy.Ended();
        await proxy.Proxy.StopAsync();

        string[] lines = [.. proxy.Log.Entries.Where(static entry => entry.Name != "SelectWait").Select(static e => e.Text)];
        Assert.That(lines, Is.EqualTo(new[]
        {
            $"Server listening on port {((IPEndPoint)proxy.Endpoint).Port} ({proxy.Endpoint}, route1)",
            $"Connection 1: accepted from {from}",
            $"Connection 1: connecting to {upstream.Endpoint}",
            $"Connection 1: relaying to {upstream.Endpoint}",
            "Connection 1: client FIN, handed on",
            "Connection 1: upstream FIN, handed on",
            "Connection 1: ended, ClientFin while relaying; 5 bytes to the upstream, 5 bytes to the client",
            "Server stopped",
        }));
    }

    [Test]
    public async Task Select_wait_is_told_at_debug()
    {
        await using RunningProxy proxy = await RunningProxy.To(new IPEndPoint(IPAddress.Loopback, 9));

        LogEntry entry = await proxy.Log.Saw("SelectWait");

        Assert.That(entry, Is.EqualTo(new LogEntry(1, "SelectWait", LogLevel.Debug, "Select wait")));
    }

    [Test]
    public async Task Client_message_is_shown_at_trace_escaped_and_cut()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        proxy.Log.Minimum = LogLevel.Trace;
        using Peer client = await proxy.Connect();

        await client.Send("hello\r\n\u001b[31m" + new string('x', 2000));

        LogEntry entry = await proxy.Log.Saw("ClientMessage");
        Assert.Multiple(() =>
        {
            Assert.That(entry.Level, Is.EqualTo(LogLevel.Trace));
            Assert.That(entry.Text, Does.StartWith(@"[CLIENT MESSAGE] hello\r\n\x1B[31mxxx"));
            Assert.That(entry.Text, Does.EndWith("xxx… (988 more bytes)"));
            Assert.That(entry.Text, Has.Length.LessThan(1100));
        });
    }

    [Test]
    public async Task Client_message_is_not_shown_below_trace()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using Peer client = await proxy.Connect();

        await client.Send("hello");
        await client.Receive(5);

        Assert.That(proxy.Log.CountOf("ClientMessage"), Is.Zero);
    }
}
