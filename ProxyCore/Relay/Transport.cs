using System.Net.Sockets;
using ProxyCore.Loop;

namespace ProxyCore.Relay;

/// <summary>
/// A protocol between a socket and the relay, such as TLS: the relay receives and sends plain bytes, the socket carries
/// what the transport makes of them. Belongs to the loop's thread, and never waits.
/// </summary>
internal abstract class Transport(Socket socket)
{
    /// <summary>Whether it holds plain bytes that were received: no event of the socket comes for them.</summary>
    internal abstract bool HoldsBytes { get; }

    /// <summary>Whether the peer has ended with a FIN, and did not say before that it had sent all: bytes may be missing.</summary>
    internal virtual bool IsTruncated => false;

    /// <summary>Whether such an end counts as a failure instead of an end. Default false.</summary>
    internal bool RefusesTruncation { get; set; }

    /// <summary>Whether the peer has ended its direction: by its protocol, or by a FIN.</summary>
    internal virtual bool PeerHasEnded => false;

    protected Socket Socket { get; } = socket;

    /// <summary>Receives plain bytes; <paramref name="count"/> is 0 at the end of the stream, and unless it succeeds.</summary>
    internal abstract TransferResult Receive(Span<byte> buffer, out int count);

    /// <summary>
    /// Takes plain bytes to send; <paramref name="count"/> is 0 unless it succeeds. What it has taken it may hold in its
    /// own form until <see cref="Flush"/>.
    /// </summary>
    internal abstract TransferResult Send(ReadOnlySpan<byte> bytes, out int count);

    /// <summary>Sends what it holds in its own form, as far as the socket takes it.</summary>
    internal abstract TransferResult Flush();

    /// <summary>
    /// Sends what its protocol sends ahead of the FIN, after all that it holds. When that can't be sent now, it is called
    /// again once the socket is ready.
    /// </summary>
    internal abstract TransferResult EndSending();

    /// <summary>
    /// What the socket is to be watched for when the relay wants to read or to write plain bytes: its protocol may need a
    /// write to read, a read to write, and a write for what it holds.
    /// </summary>
    internal abstract Interest InterestFor(Interest wanted);

    /// <summary>Frees what it holds. Nothing is called after it.</summary>
    internal abstract void Release();
}
