using System.Net.Sockets;

namespace ProxyCore.Relay;

/// <summary>What a receive or a send on a non-blocking socket came to.</summary>
internal enum TransferResult : byte
{
    /// <summary>Bytes moved, or, for a receive of none, the end of the stream.</summary>
    Success,

    /// <summary>Nothing moved; try again when the socket is ready.</summary>
    WouldBlock,

    /// <summary>The peer has reset the connection.</summary>
    Reset,

    /// <summary>The peer can't be reached any more: keepalive or retransmission gave up, or the network went.</summary>
    Lost,
}

/// <summary>The groups of <see cref="SocketError"/> that a relay tells apart.</summary>
internal static class SocketErrors
{
    internal static TransferResult Classify(SocketError error) => error switch
    {
        SocketError.Success => TransferResult.Success,

        // ENOBUFS is a passing shortage of the kernel's: the socket stays ready, so it is tried again.
        SocketError.WouldBlock or SocketError.Interrupted or SocketError.NoBufferSpaceAvailable
            => TransferResult.WouldBlock,

        // EPIPE comes as Shutdown: a send after the reset was already told by another call.
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown
            or SocketError.NotConnected or SocketError.Disconnecting => TransferResult.Reset,

        _ => TransferResult.Lost,
    };
}
