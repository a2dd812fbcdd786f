using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using ProxyCore.Connections.Listening;
using ProxyCore.Connections.Sockets;
using ProxyCore.Loop;
using ProxyCore.Relay;

namespace ProxyCore.Bench.Peers;

/// <summary>A server that knows two answers, a small and a large one, on the library's own loop. A TLS hello gets the small one.</summary>
internal sealed class EmbeddedServer : ILoopMember, IDisposable
{
    private const int Chunk = 1024 * 1024;
    private const byte TlsHandshake = 22;
    private const int ProxyHeaderPrefix = 16;

    private static readonly byte[] _small = Answer("an answer of some sixty bytes, as a small service may give.\n");

    private static ReadOnlySpan<byte> ProxySignature => "\r\n\r\n\0\r\nQUIT\n"u8;

    private readonly SelectLoop _loop = new(TimeProvider.System, NullLogger.Instance, new ParkingPolicy());
    private readonly byte[] _bulkHead;
    private readonly int _bulkBytes;
    private readonly byte[] _request = new byte[Chunk];
    private readonly byte[] _zeros = new byte[Chunk];

    internal EmbeddedServer(int bulkBytes)
    {
        _bulkBytes = bulkBytes;
        _bulkHead = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {bulkBytes}\r\n\r\n");
    }

    internal void Run(Socket listener)
    {
        _loop.Attach(new Door(this, listener), Interest.Read);
        _loop.Run();
    }

    public void Dispose() => _loop.Dispose();

    public void Fault(Exception exception) => Console.Error.WriteLine(exception.Message);

    private static byte[] Answer(string body) =>
        Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    private sealed class Door(EmbeddedServer server, Socket listener) : Watched(listener, server)
    {
        internal override void OnReady(Interest ready)
        {
            while (AcceptCall.TryAccept(Socket, wantsAddress: false, out AcceptedClient client) == SocketError.Success)
            {
                client.Socket.NoDelay = true;
                server._loop.Attach(new Visitor(server, client.Socket), Interest.Read);
            }
        }
    }

    /// <summary>One request after the other, each within one read; a PROXY header may be ahead of the first.</summary>
    private sealed class Visitor(EmbeddedServer server, Socket client) : Watched(client, server)
    {
        private long _bulkLeft;
        private bool _isLast;

        internal override void OnReady(Interest ready)
        {
            if (ready == Interest.Write)
            {
                SendBulk();
                return;
            }

            TransferResult result = SocketTransfer.Receive(Socket, server._request, out int count);
            if (result is TransferResult.WouldBlock or TransferResult.TryAgain)
            {
                return;
            }

            if (result != TransferResult.Success || count == 0)
            {
                Close();
                return;
            }

            ReadOnlySpan<byte> request = WithoutHeader(server._request.AsSpan(0, count));
            if (request.IsEmpty)
            {
                return;
            }

            _isLast = request[0] == TlsHandshake || request.IndexOf("Connection: close"u8) >= 0;
            if (request.StartsWith("GET /bulk "u8))
            {
                SocketTransfer.Send(Socket, server._bulkHead, out _);
                _bulkLeft = server._bulkBytes;
                SendBulk();
                return;
            }

            SocketTransfer.Send(Socket, _small, out _);
            if (_isLast)
            {
                Close();
            }
        }

        // A proxy sends its header in one write, which comes in one read, with the request behind it or without.
        private static ReadOnlySpan<byte> WithoutHeader(ReadOnlySpan<byte> received) => received.StartsWith(ProxySignature)
            ? received[(ProxyHeaderPrefix + BinaryPrimitives.ReadUInt16BigEndian(received[(ProxyHeaderPrefix - 2)..]))..]
            : received;

        private void SendBulk()
        {
            int size = (int)Math.Min(_bulkLeft, server._zeros.Length);
            TransferResult result = SocketTransfer.Send(Socket, server._zeros.AsSpan(0, size), out int sent);
            if (result is TransferResult.Reset or TransferResult.Lost)
            {
                Close();
                return;
            }

            _bulkLeft -= sent;
            server._loop.SetInterest(this, _bulkLeft > 0 ? Interest.Write : Interest.Read);
        }

        private void Close()
        {
            server._loop.Detach(this);
            Socket.Dispose();
        }
    }
}
