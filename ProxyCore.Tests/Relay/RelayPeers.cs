using System.Net.Sockets;
using ProxyCore.Relay;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Relay;

/// <summary>A client, an upstream and the two directions between them, moved by hand.</summary>
internal sealed class RelayPeers : IDisposable
{
    internal const int BufferSize = 64 * 1024;
    private const int KernelBuffers = 32 * 1024;

    private readonly SocketPair _client = SocketPair.Connect(KernelBuffers);
    private readonly SocketPair _upstream = SocketPair.Connect(KernelBuffers);

    private readonly RelayBuffers _buffers;

    /// <param name="makeLayers">Makes transports and stages between the sockets of client and upstream; null for none.</param>
    /// <param name="maxPending">What all directions may hold together.</param>
    internal RelayPeers(Func<Socket, Socket, RelayLayers>? makeLayers = null, long maxPending = long.MaxValue)
    {
        _buffers = new RelayBuffers(BufferSize, new PendingBudget(maxPending));
        Pipes = new PipePair(_client.Near, _upstream.Near, _buffers, makeLayers?.Invoke(_client.Near, _upstream.Near));
    }

    internal PendingPool Pool => _buffers.Pool;

    internal RelayBuffers Buffers => _buffers;

    /// <summary>The time on the loop's clock.</summary>
    internal TimeSpan Now { get; set; }

    internal PipePair Pipes { get; }

    internal static ConnectionSide Other(ConnectionSide side) =>
        side == ConnectionSide.Client ? ConnectionSide.Upstream : ConnectionSide.Client;

    /// <summary>The peer itself, as a program at the other end of the network.</summary>
    internal Socket Peer(ConnectionSide side) => PairOf(side).Far;

    /// <summary>The proxy's socket towards <paramref name="side"/>.</summary>
    internal Socket Held(ConnectionSide side) => PairOf(side).Near;

    /// <summary>Waits for bytes, an end or a reset from <paramref name="side"/> and handles it as the connection does.</summary>
    internal byte[] Read(ConnectionSide side)
    {
        Held(side).WaitReadable();
        byte[] bytes = Pipes.Read(side, Now).ToArray();
        Pipes.Settle();
        return bytes;
    }

    /// <summary>Sends what is pending for <paramref name="side"/> as the connection does.</summary>
    internal void Flush(ConnectionSide side)
    {
        Pipes.Flush(side, Now);
        Pipes.Settle();
    }

    /// <summary>Moves the clock, and what the stages have ready by then.</summary>
    internal void Advance(TimeSpan time)
    {
        Now += time;
        Pipes.Pump(Now);
        Pipes.Settle();
    }

    /// <summary>Sends from <paramref name="side"/> until the other side's kernel takes no more; returns all that was sent.</summary>
    internal byte[] Congest(ConnectionSide side)
    {
        var sent = new List<byte>();
        int chunk = 0;
        while (!Pipes.From(side).WantsWrite)
        {
            byte[] bytes = SocketSteps.Pattern(1000 + chunk++);
            Peer(side).Send(bytes);
            sent.AddRange(bytes);
            Read(side);
        }

        return [.. sent];
    }

    /// <summary>Lets the receiver read <paramref name="count"/> bytes while the direction flushes what is pending.</summary>
    internal byte[] Drain(ConnectionSide from, int count)
    {
        Socket receiver = Peer(Other(from));
        var received = new List<byte>();
        while (received.Count < count)
        {
            receiver.WaitReadable();
            byte[] buffer = new byte[count - received.Count];
            received.AddRange(buffer.AsSpan(0, receiver.Receive(buffer)));
            if (Pipes.From(from).WantsWrite)
            {
                Flush(Other(from));
            }
        }

        return [.. received];
    }

    public void Dispose()
    {
        Pipes.Release();
        _buffers.Dispose();
        _client.Dispose();
        _upstream.Dispose();
    }

    private SocketPair PairOf(ConnectionSide side) => side == ConnectionSide.Client ? _client : _upstream;
}
