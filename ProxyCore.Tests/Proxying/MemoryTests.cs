using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ProxyCore.Platform;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Proxying;

/// <summary>What a connection that carries nothing costs.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class MemoryTests(Parking parking) : ParkingFixture(parking)
{
    private const int Connections = 300;
    private const int Rounds = 3;

    // A socket that .NET itself makes non-blocking costs it 220 bytes, of which Linux needs none.
    private static readonly int _mostManagedBytes = TargetSystem.IsLinux ? 1024 : 1536;

    private readonly List<Socket> _peers = [];

    [TearDown]
    public void ClosePeers() => _peers.ForEach(static peer => peer.Dispose());

    [Test]
    public async Task An_idle_connection_costs_at_most_a_kilobyte_of_managed_memory()
    {
        // Plain sockets, whose own memory is the same with the proxy and without it.
        using var upstream = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        upstream.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        upstream.Listen(Connections);
        await using RunningProxy proxy = await RunningProxy.To(upstream.LocalEndPoint!);
        proxy.Log.Minimum = LogLevel.Information;
        BytesOf(upstream, upstream.LocalEndPoint!, connections: 100);

        // The median, because what other tests left behind may die in the midst of a round.
        var costs = new List<long>();
        for (int round = 0; round < Rounds; round++)
        {
            long withoutIt = BytesOf(upstream, upstream.LocalEndPoint!, Connections);
            long throughTheProxy = BytesOf(upstream, proxy.Endpoint, Connections);
            costs.Add((throughTheProxy - withoutIt) / Connections);
        }

        long cost = costs.Order().ElementAt(Rounds / 2);
        TestContext.Out.WriteLine($"{cost} bytes a connection");
        Assert.That(cost, Is.InRange(1, _mostManagedBytes));
    }

    /// <summary>The managed memory of connections that have carried a byte each way: of both peers, and of all between them.</summary>
    private long BytesOf(Socket upstream, EndPoint endpoint, int connections)
    {
        // Kept to the end of the test: what one measurement frees must not be missing from the next.
        _peers.EnsureCapacity(_peers.Count + (2 * connections));
        byte[] one = [1];
        long before = ManagedBytes();
        for (int connection = 0; connection < connections; connection++)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _peers.Add(client);
            client.Connect(endpoint);
            Socket server = Readable(upstream).Accept();
            _peers.Add(server);
            client.Send(one);
            Receive(server, one);
            server.Send(one);
            Receive(client, one);
        }

        return ManagedBytes() - before;
    }

    private static void Receive(Socket socket, byte[] buffer) => Readable(socket).Receive(buffer);

    /// <summary>Asked first, a call does not wait: a call that waits enters .NET's own table of waiting sockets, which grows.</summary>
    private static Socket Readable(Socket socket)
    {
        Assert.That(socket.Poll(Bound.Wait, SelectMode.SelectRead), Is.True, "nothing comes");
        return socket;
    }

    private static long ManagedBytes()
    {
        // What a finalizer has seen dies in the collection after it.
        for (int collection = 0; collection < 3; collection++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
