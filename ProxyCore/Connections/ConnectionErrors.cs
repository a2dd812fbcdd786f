using System.Net.Sockets;
using ProxyCore.Relay;

namespace ProxyCore.Connections;

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
        _ => new SocketException((int)error).Message,
    };

    internal static EndReason ReasonOf(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => EndReason.ConnectRefused,
        SocketError.TimedOut => EndReason.ConnectTimeout,

        // It had accepted, and reset the connection before the loop saw that it was made.
        SocketError.ConnectionReset => EndReason.UpstreamReset,
        _ => EndReason.ConnectFailed,
    };

    /// <summary>
    /// Whether a failed connect or check has a cause on this machine: descriptors, ports, memory or a firewall. It says
    /// nothing about the upstream. Of a Unix upstream a full backlog, a missing file and a denied access are its own.
    /// </summary>
    internal static bool IsLocal(SocketError error, AddressFamily family) => error switch
    {
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable => true,
        SocketError.AddressNotAvailable or SocketError.WouldBlock or SocketError.AccessDenied => family != AddressFamily.Unix,
        _ => false,
    };

    /// <summary>Whether the same call may succeed soon, though no readiness event tells when.</summary>
    internal static bool MayPassSoon(SocketError error, AddressFamily family) =>
        error == SocketError.WouldBlock || (error != SocketError.AccessDenied && IsLocal(error, family));

    /// <summary>What it is called when <paramref name="side"/> failed in the midst of relaying.</summary>
    internal static EndReason ReasonOf(ConnectionSide side, TransferResult failure) => (side, failure) switch
    {
        (ConnectionSide.Client, TransferResult.Lost) => EndReason.ClientLost,
        (ConnectionSide.Client, _) => EndReason.ClientReset,
        (_, TransferResult.Lost) => EndReason.UpstreamLost,
        _ => EndReason.UpstreamReset,
    };
}
