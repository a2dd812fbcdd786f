using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Connections.Connecting;

/// <summary>A TCP socket that is connected to itself.</summary>
/// <remarks>
/// The system may choose the very port that is connected to as the local one. When nobody listens there, that is a
/// simultaneous open with itself (RFC 9293, 3.5), and it succeeds: a client would get its own bytes back, and the
/// upstream could not bind its port.
/// </remarks>
internal static class SelfConnection
{
    private const string RangeFile = "/proc/sys/net/ipv4/ip_local_port_range";

    // Elsewhere, and without /proc, any port that needs no privilege may be chosen.
    private static readonly (int First, int Last) _chosenPorts = ReadRange() ?? (1024, IPEndPoint.MaxPort);

    /// <summary>Whether <paramref name="socket"/>, connected to <paramref name="address"/>, is its own peer.</summary>
    /// <remarks>A system call only for a port that the system may choose.</remarks>
    internal static bool IsOne(Socket socket, EndPoint address) =>
        address is IPEndPoint { Port: var port }
        && port >= _chosenPorts.First && port <= _chosenPorts.Last
        && socket.LocalEndPoint is IPEndPoint local
        && local.Port == port
        && local.Equals(socket.RemoteEndPoint);

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
