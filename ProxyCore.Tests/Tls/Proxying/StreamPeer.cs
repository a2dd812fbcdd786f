using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>One end of a connection under test, plain or with .NET's TLS, in the words of the tests. Every wait is bounded.</summary>
internal sealed class StreamPeer : IDisposable
{
    private readonly Peer _peer;
    private readonly FinWatch _socket;
    private readonly Stream _stream;

    private StreamPeer(Peer peer, bool isTls)
    {
        _peer = peer;
        if (peer.Socket.AddressFamily != AddressFamily.Unix)
        {
            // .NET writes a message of several records in several calls.
            peer.Socket.NoDelay = true;
        }

        _socket = new FinWatch(peer.Socket);
        _stream = isTls ? new SslStream(_socket) : _socket;
    }

    /// <summary>What TLS has agreed on.</summary>
    internal SslStream Tls => (SslStream)_stream;

    internal Socket Socket => _peer.Socket;

    private SslStream? MaybeTls => _stream as SslStream;

    internal static StreamPeer Plain(Peer peer) => new(peer, isTls: false);

    internal static Task<StreamPeer> Client(Peer peer, SslClientAuthenticationOptions options) =>
        ShakeHands(peer, (tls, token) => tls.AuthenticateAsClientAsync(options, token));

    internal static Task<StreamPeer> Server(Peer peer, SslServerAuthenticationOptions options) =>
        ShakeHands(peer, (tls, token) => tls.AuthenticateAsServerAsync(options, token));

    internal Task Send(string text) => Send(System.Text.Encoding.UTF8.GetBytes(text));

    internal Task Send(ReadOnlyMemory<byte> bytes) =>
        Bound.Within($"send {bytes.Length} bytes", token => Done(_stream.WriteAsync(bytes, token).AsTask()));

    internal async Task<string> ReceiveText(int count)
    {
        var bytes = new byte[count];
        await Bound.Within($"receive {count} bytes", token => Done(_stream.ReadExactlyAsync(bytes, token).AsTask()));
        return System.Text.Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Receives into a buffer until it is full.</summary>
    internal Task Fill(Memory<byte> buffer) =>
        Bound.Within($"receive {buffer.Length} bytes", token => Done(_stream.ReadExactlyAsync(buffer, token).AsTask()));

    /// <summary>Sends to an echo and gets the same back.</summary>
    internal async Task Echoes(string text)
    {
        await Send(text);
        Assert.That(await ReceiveText(System.Text.Encoding.UTF8.GetByteCount(text)), Is.EqualTo(text));
    }

    /// <summary>Sends nothing more and says so, in TLS as well; still receives.</summary>
    internal async Task EndOrderly()
    {
        if (MaybeTls is { } tls)
        {
            await Bound.Within("send close_notify", tls.ShutdownAsync());
        }

        _peer.Fin();
    }

    /// <summary>Sends nothing more, without a word in TLS; still receives.</summary>
    internal void EndWithBareFin() => _peer.Fin();

    internal void Reset() => _peer.Reset();

    /// <summary>What comes before the end, which is orderly: with TLS there is a close_notify ahead of the FIN.</summary>
    internal async Task<byte[]> ReceiveToOrderlyEnd()
    {
        var bytes = new MemoryStream();
        await Bound.Within("the end of the stream", _stream.CopyToAsync(bytes));
        if (MaybeTls is not null)
        {
            Assert.That(_socket.SawFin, Is.False, "a FIN without close_notify");
            Assert.That(await Bound.Within("the FIN", token => _socket.ReadAsync(new byte[1], token)), Is.Zero, "bytes after close_notify");
        }

        return bytes.ToArray();
    }

    internal async Task ReceivesOrderlyEnd() => Assert.That(await ReceiveToOrderlyEnd(), Is.Empty, "bytes before the end");

    /// <summary>A reset comes, and nothing else.</summary>
    internal async Task ReceivesReset()
    {
        var buffer = new byte[1];
        IOException? reset = null;
        try
        {
            int count = await Bound.Within("a reset", token => _stream.ReadAsync(buffer, token));
            Assert.Fail(count == 0 ? "an end, not a reset" : "bytes before the reset");
        }
        catch (IOException exception)
        {
            reset = exception;
        }

        Assert.That((reset?.InnerException as SocketException)?.SocketErrorCode, Is.EqualTo(SocketError.ConnectionReset), $"{reset}");
    }

    public void Dispose()
    {
        _stream.Dispose();
        _peer.Dispose();
    }

    private static async Task<StreamPeer> ShakeHands(Peer peer, Func<SslStream, CancellationToken, Task> handshake)
    {
        var secured = new StreamPeer(peer, isTls: true);
        try
        {
            await Bound.Within("a TLS handshake", token => Done(handshake(secured.Tls, token)));
            return secured;
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or TimeoutException)
        {
            secured.Dispose();
            throw;
        }
    }

    private static async ValueTask<bool> Done(Task task)
    {
        await task;
        return true;
    }

    /// <summary>A socket's stream that keeps whether the end of the stream was read.</summary>
    private sealed class FinWatch(Socket socket) : NetworkStream(socket)
    {
        internal bool SawFin { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = await base.ReadAsync(buffer, cancellationToken);
            SawFin |= count == 0 && !buffer.IsEmpty;
            return count;
        }
    }
}
