using System.Net.Sockets;
using ProxyCore.Relay;

namespace ProxyCore.Connections.Sockets;

/// <summary>What the system says when listening, connecting or relaying fails, in words and as the reason of an end.</summary>
internal static class ConnectionErrors
{
    internal static string Describe(SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse => "the address is already in use",
        SocketError.AddressNotAvailable => "the address is not available on this machine",
        SocketError.AccessDenied => "permission denied",
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset => "connection reset",
        SocketError.TimedOut => "timed out",
        SocketError.NetworkUnreachable => "network unreachable",
        SocketError.HostUnreachable => "host unreachable",
        SocketError.HostNotFound => "name not found",
        SocketError.TooManyOpenSockets => "out of descriptors",
        SocketError.NoBufferSpaceAvailable => "out of memory for sockets",
        _ => new SocketException((int)error).Message,
    };

    /// <summary>
    /// Whether a connect to an address of <paramref name="family"/> failed for want of something on this machine, so that
    /// the failure says nothing about the upstream.
    /// </summary>
    /// <remarks>
    /// The codes are those of connect(2) and socket(2): no descriptor (EMFILE, ENFILE), no memory (ENOBUFS, ENOMEM), no
    /// free source port (EADDRNOTAVAIL), a packet filter of this machine (EPERM, EACCES). For a Unix socket the same codes
    /// are about the upstream: ENOENT has the name of EADDRNOTAVAIL, and EACCES is the permission of its file.
    /// </remarks>
    internal static bool IsLocal(SocketError error, AddressFamily family = AddressFamily.InterNetwork) => error switch
    {
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable => true,
        SocketError.AddressNotAvailable or SocketError.AccessDenied => family != AddressFamily.Unix,
        _ => false,
    };

    internal static EndReason ReasonOf(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => EndReason.ConnectRefused,
        SocketError.TimedOut => EndReason.ConnectTimeout,

        // It had accepted, and reset the connection before the loop saw that it was made.
        SocketError.ConnectionReset or SocketError.Shutdown => EndReason.UpstreamReset,
        _ => EndReason.ConnectFailed,
    };

    /// <summary>Whether the same call may succeed soon, though no readiness event tells when.</summary>
    internal static bool MayPassSoon(SocketError error, AddressFamily family) =>
        // The one means a Unix socket's full backlog; a packet filter stays as it is.
        error == SocketError.WouldBlock || (error != SocketError.AccessDenied && IsLocal(error, family));

    /// <summary>What it is called when <paramref name="side"/> failed in the midst of relaying.</summary>
    internal static EndReason ReasonOf(ConnectionSide side, TransferResult failure) => (side, failure) switch
    {
        (_, TransferResult.Cut) => EndReason.Toxic,
        (ConnectionSide.Client, TransferResult.Lost) => EndReason.ClientLost,
        (ConnectionSide.Client, TransferResult.Truncated) => EndReason.ClientTruncated,
        (ConnectionSide.Client, _) => EndReason.ClientReset,
        (_, TransferResult.Lost) => EndReason.UpstreamLost,
        (_, TransferResult.Truncated) => EndReason.UpstreamTruncated,
        _ => EndReason.UpstreamReset,
    };
}
