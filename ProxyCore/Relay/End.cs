using System.Net.Sockets;

namespace ProxyCore.Relay;

/// <summary>One end of a connection as a pipe uses it: a socket, and perhaps a transport on it.</summary>
internal readonly struct End(Socket socket, Transport? transport)
{
    internal Socket Socket => socket;

    /// <summary>Whether it has no transport: what is sent and received is the socket's own.</summary>
    internal bool IsBare => transport is null;

    /// <summary>Whether bytes can be received for which no event comes.</summary>
    internal bool HoldsBytes => transport is not null && transport.HoldsBytes;

    /// <summary>Receives what there is; <paramref name="count"/> is 0 at the end of the stream, and unless it succeeds.</summary>
    internal TransferResult Receive(Span<byte> buffer, out int count) => transport is null
        ? SocketTransfer.Receive(socket, buffer, out count)
        : ReceiveThroughTransport(transport, buffer, out count);

    /// <summary>
    /// Sends as much as the end takes; <paramref name="count"/> is 0 unless it succeeds. <paramref name="endFollows"/> tells that
    /// <see cref="EndSending"/> follows at once.
    /// </summary>
    internal TransferResult Send(ReadOnlySpan<byte> bytes, out int count, bool endFollows = false) => transport is null
        ? SocketTransfer.Send(socket, bytes, out count, endFollows)
        : transport.Send(bytes, out count);

    /// <summary>Sends the end of the stream: that of the transport, then the FIN.</summary>
    internal TransferResult EndSending() =>
        transport is null ? FinCall.Send(socket) : EndSendingThroughTransport(transport, socket);

    private static TransferResult EndSendingThroughTransport(Transport transport, Socket socket)
    {
        TransferResult result = transport.EndSending();
        if (result != TransferResult.Success)
        {
            return result;
        }

        // Most programs close their socket after their own end and do not wait for ours. Their kernel answers our
        // close_notify with a reset (RFC 9293, 3.10.7.1), which on one machine is here ahead of the FIN. They have missed
        // nothing: a reset that came before the close_notify would have failed the sending of it.
        result = FinCall.Send(socket);
        return result == TransferResult.Reset && transport.PeerHasEnded ? TransferResult.Success : result;
    }

    private static TransferResult ReceiveThroughTransport(Transport transport, Span<byte> buffer, out int count)
    {
        TransferResult result = transport.Receive(buffer, out count);
        bool isRefused = result == TransferResult.Success && count == 0 && transport is { IsTruncated: true, RefusesTruncation: true };
        return isRefused ? TransferResult.Truncated : result;
    }
}
