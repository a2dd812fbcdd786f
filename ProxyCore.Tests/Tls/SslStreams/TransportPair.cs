using System.Net.Sockets;
using ProxyCore.Relay;
using ProxyCore.Relay.Transports;
using ProxyCore.Relay.Transports.SslStreams;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Tls.SslStreams;

/// <summary>A server's and a client's transport on two connected sockets, on one loop's buffers, moved by hand.</summary>
internal sealed class TransportPair : IDisposable
{
    internal static readonly SslStreamEngine Engine = SslStreamEngine.TryCreate(out _)!;

    private readonly SocketPair _sockets;
    private readonly RelayBuffers _buffers = new(64 * 1024, new PendingBudget(long.MaxValue));
    private readonly TlsLoop _loop;

    internal TransportPair(TlsContext server, TlsContext client, int? kernelBuffers = null, string? alpn = null)
    {
        _sockets = SocketPair.Connect(kernelBuffers);
        _sockets.Far.Blocking = false;
        _loop = Engine.CreateLoop(_buffers);
        Server = _loop.Accept(server, _sockets.Near, early: null);
        Client = _loop.Connect(client, _sockets.Far, alpn);
    }

    internal TlsTransport Server { get; }

    internal TlsTransport Client { get; }

    internal PendingPool Pool => _buffers.Pool;

    internal Socket ServerSocket => _sockets.Near;

    internal Socket ClientSocket => _sockets.Far;

    /// <summary>Runs both handshakes until neither needs more.</summary>
    internal (HandshakeStatus Server, HandshakeStatus Client) Handshake()
    {
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            HandshakeStatus client = Client.Handshake();
            HandshakeStatus server = Server.Handshake();
            if (server != HandshakeStatus.NeedMore && client == HandshakeStatus.NeedMore)
            {
                // A server that has failed closes.
                client = server == HandshakeStatus.Done ? client : LastOf(Client);
            }

            if ((server != HandshakeStatus.NeedMore && client != HandshakeStatus.NeedMore) || patience.Elapsed > SocketPair.Patience)
            {
                return (server, client);
            }
        }
    }

    /// <summary>Moves all of <paramref name="bytes"/> from one transport to the other.</summary>
    internal static byte[] Move(TlsTransport from, TlsTransport to, ReadOnlySpan<byte> bytes, int readSize = 64 * 1024)
    {
        var received = new List<byte>();
        byte[] buffer = new byte[readSize];
        int sent = 0;
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (received.Count < bytes.Length)
        {
            Assert.That(patience.Elapsed, Is.LessThan(SocketPair.Patience), $"{sent} sent, {received.Count} received");
            TransferResult result = from.Send(bytes[sent..], out int taken);
            Assert.That(result, Is.AnyOf(TransferResult.Success, TransferResult.WouldBlock));
            sent += taken;
            result = to.Receive(buffer, out int count);
            Assert.That(result, Is.AnyOf(TransferResult.Success, TransferResult.WouldBlock));
            Assert.That(result == TransferResult.WouldBlock || count > 0, "the stream has ended");
            received.AddRange(buffer.AsSpan(0, count));
        }

        return [.. received];
    }

    /// <summary>Receives when something is there: bytes, an end, a failure.</summary>
    internal static (TransferResult Result, byte[] Bytes) Receive(TlsTransport from, int readSize = 64 * 1024)
    {
        byte[] buffer = new byte[readSize];
        TransferResult result = TransferResult.WouldBlock;
        int count = 0;
        SpinWait.SpinUntil(() => (result = from.Receive(buffer, out count)) != TransferResult.WouldBlock, SocketPair.Patience);
        return (result, buffer[..count]);
    }

    public void Dispose()
    {
        Server.Release();
        Client.Release();
        _loop.Dispose();
        long rented = Pool.Rented;
        _buffers.Dispose();
        _sockets.Dispose();
        Assert.That(rented, Is.Zero, "all blocks are returned");
    }

    private HandshakeStatus LastOf(TlsTransport client)
    {
        ServerSocket.Shutdown(SocketShutdown.Send);
        ClientSocket.WaitReadable();
        return client.Handshake();
    }
}
