using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ProxyCore.Platform;

namespace ProxyCore.Connections.Dialing;

/// <summary>A TCP socket that is connected to itself.</summary>
/// <remarks>
/// The system may choose the very port that is connected to as the local one. When nobody listens there, that is a
/// simultaneous open with itself (RFC 9293, 3.5), and it succeeds: a client would get its own bytes back, and the
/// upstream could not bind its port.
/// </remarks>
internal static class SelfConnection
{
    // sizeof(struct sockaddr_in6)
    private const int LargestAddress = 28;

    private const string RangeFile = "/proc/sys/net/ipv4/ip_local_port_range";

    // Elsewhere, and without /proc, any port that needs no privilege may be chosen.
    private static readonly (int First, int Last) _chosenPorts = ReadRange() ?? (1024, IPEndPoint.MaxPort);

    /// <summary>Whether <paramref name="socket"/>, connected to <paramref name="address"/>, is its own peer.</summary>
    /// <remarks>A system call only for a port that the system may choose.</remarks>
    internal static bool IsOne(Socket socket, EndPoint address) =>
        address is IPEndPoint { Port: var port } peer
        && port >= _chosenPorts.First && port <= _chosenPorts.Last
        && (TargetSystem.IsLinux ? HasLocalAddress(socket, peer) : peer.Equals(socket.LocalEndPoint));

    /// <remarks>.NET knows no local address of a socket that <see cref="ConnectCall"/> has connected.</remarks>
    private static bool HasLocalAddress(Socket socket, IPEndPoint address)
    {
        SocketAddress expected = address.Serialize();
        Span<byte> local = stackalloc byte[LargestAddress];
        if (!LocalAddress.TryRead(socket, local, out int size) || size < expected.Size)
        {
            return false;
        }

        // Family and port, then the address. What else is in an IPv6 address, flow and scope, need not be the same.
        bool isIPv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        Range ip = isIPv6 ? 8..24 : 4..8;
        ReadOnlySpan<byte> wanted = expected.Buffer.Span;
        return local[..4].SequenceEqual(wanted[..4]) && local[ip].SequenceEqual(wanted[ip]);
    }

    private static (int First, int Last)? ReadRange()
    {
        try
        {
            string[] words = File.ReadAllText(RangeFile).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return words is [var first, var last]
                ? (int.Parse(first, CultureInfo.InvariantCulture), int.Parse(last, CultureInfo.InvariantCulture))
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }
}
