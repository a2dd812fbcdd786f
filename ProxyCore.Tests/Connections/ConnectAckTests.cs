using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Dialing;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Connections;

/// <summary>The acknowledgement of the upstream's SYN, which waits for the first bytes, if there are any.</summary>
[LinuxCalls("Only Linux holds an acknowledgement back.")]
internal sealed class ConnectAckTests
{
    private const int Attempts = 10;

    // The kernel sends it after 200 ms at the latest.
    private static readonly TimeSpan _soon = TimeSpan.FromMilliseconds(100);

    [Test]
    public void Delayed_one_keeps_the_connection_from_the_listener_until_it_is_sent()
    {
        Assert.That(Enumerable.Range(0, Attempts).Any(static _ => IsHeldUntilSent()), Is.True);
    }

    [Test]
    public async Task Upstream_that_speaks_first_does_not_wait_for_a_timer()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);

        var times = new List<TimeSpan>();
        while (times.Count < Attempts && !times.Exists(static time => time < _soon))
        {
            var watch = Stopwatch.StartNew();
            using Peer client = await proxy.Connect();
            using Peer server = await upstream.Accept();
            times.Add(watch.Elapsed);
        }

        Assert.That(times.Min(), Is.LessThan(_soon));
    }

    /// <summary>Whether it was so; on a machine that holds the test up, the kernel may have been faster.</summary>
    private static bool IsHeldUntilSent()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        ConnectAck.Delay(socket);
        socket.Connect(listener.LocalEndPoint!);
        bool cameBefore = listener.Poll(0, SelectMode.SelectRead);

        ConnectAck.SendNow(socket);

        return listener.Poll(_soon, SelectMode.SelectRead) && !cameBefore;
    }
}
