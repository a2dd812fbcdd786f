using System.Net.Sockets;

namespace ProxyCore.Relay;

/// <summary>What a receive or a send on a non-blocking socket came to.</summary>
internal enum TransferResult : byte
{
    /// <summary>Bytes moved, or, for a receive of none, the end of the stream.</summary>
    Success,

    /// <summary>Nothing moved, because the socket is not ready: try again when an event says that it is.</summary>
    WouldBlock,

    /// <summary>
    /// Nothing moved, though the socket may be ready: a signal came, or the kernel is short of memory. Try again without
    /// waiting for a new event.
    /// </summary>
    TryAgain,

    /// <summary>The peer has reset the connection.</summary>
    Reset,

    /// <summary>The peer can't be reached any more: keepalive or retransmission gave up, or the network went.</summary>
    Lost,

    /// <summary>The peer has ended without saying, as its protocol asks for, that it had sent all.</summary>
    Truncated,

    /// <summary>A stage between the two sides has cut the connection.</summary>
    Cut,
}

/// <summary>The groups of <see cref="SocketError"/> that a relay tells apart.</summary>
internal static class SocketErrors
{
    internal static TransferResult Classify(SocketError error) => error switch
    {
        SocketError.Success => TransferResult.Success,

        SocketError.WouldBlock => TransferResult.WouldBlock,

        // EINTR, ENOBUFS and ENOMEM leave the socket as it was: bytes that had come are still there.
        SocketError.Interrupted or SocketError.NoBufferSpaceAvailable => TransferResult.TryAgain,

        // EPIPE comes as Shutdown: a send after the reset was already told by another call.
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown
            or SocketError.NotConnected or SocketError.Disconnecting => TransferResult.Reset,

        _ => TransferResult.Lost,
    };

    /// <summary>Takes the error that the kernel has noted on <paramref name="socket"/>; it reports each only once.</summary>
    internal static TransferResult Take(Socket socket) =>
        Classify((SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!);
}
