using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Connections;

/// <summary>Opens the sockets that an endpoint to listen on stands for.</summary>
internal static class ListenSocket
{
    private const int PortAttempts = 16;

    /// <summary>Returns sockets that are bound and listening; when one can't be, none stays open.</summary>
    /// <exception cref="ListenException">The endpoint can't be listened on.</exception>
    internal static IReadOnlyList<Socket> Open(ProxyEndpoint endpoint, RouteSettings route)
    {
        try
        {
            return endpoint.Kind switch
            {
                ProxyEndpointKind.Loopback => OpenLoopback(endpoint.Port, route),
                ProxyEndpointKind.Any => [OpenAny(endpoint.Port, route)],
                ProxyEndpointKind.UnixSocket => [OpenUnix(endpoint, route)],
                _ => [OpenTcp(endpoint.Address!, endpoint.Port, route)],
            };
        }
        catch (SocketException exception)
        {
            throw CannotListen(endpoint, exception);
        }
    }

    /// <summary>
    /// Returns one more socket that listens where <paramref name="first"/> does, which was opened for the same endpoint;
    /// null when that is not possible here.
    /// </summary>
    /// <remarks>
    /// Sharing an address is allowed on <paramref name="first"/> only now: it was bound, and listens, without. So an
    /// address that somebody else has is refused to it as always, a second proxy's on the same port too. From here on
    /// the system lets other processes of the same user in that ask to share; that is its rule (socket(7)).
    /// </remarks>
    /// <exception cref="ListenException">It should be possible, but failed.</exception>
    internal static Socket? TryOpenSibling(Socket first, ProxyEndpoint endpoint, RouteSettings route)
    {
        Socket? sibling = null;
        try
        {
            sibling = new Socket(first.AddressFamily, first.SocketType, first.ProtocolType);
            Share(first);
            Share(sibling);
            if (first.AddressFamily == AddressFamily.InterNetworkV6)
            {
                sibling.DualMode = first.DualMode;
            }

            TcpOptions.Apply(sibling, route);
            return Listen(sibling, first.LocalEndPoint!, route);
        }
        catch (SocketException exception)
        {
            sibling?.Dispose();
            return IsNoSharing(exception.SocketErrorCode) ? null : throw CannotListen(endpoint, exception);
        }
    }

    // On Unix this option sets SO_REUSEPORT, too.
    private static void Share(Socket socket) =>
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);

    /// <summary>Unix sockets have no sharing (Linux 6.13 refuses the option, older ones the bind), some sandboxes neither.</summary>
    private static bool IsNoSharing(SocketError error) =>
        error is SocketError.OperationNotSupported or SocketError.ProtocolOption or SocketError.AddressAlreadyInUse;

    private static ListenException CannotListen(ProxyEndpoint endpoint, SocketException exception) => new(
        endpoint.ToString(), ConnectionErrors.Describe(exception.SocketErrorCode), exception.SocketErrorCode, exception);

    private static IReadOnlyList<Socket> OpenLoopback(int port, RouteSettings route)
    {
        for (int attempt = 1; ; attempt++)
        {
            Socket four = OpenTcp(IPAddress.Loopback, port, route);
            try
            {
                int chosen = ((IPEndPoint)four.LocalEndPoint!).Port;
                return [four, OpenTcp(IPAddress.IPv6Loopback, chosen, route)];
            }
            catch (SocketException exception) when (HasNoIPv6(exception.SocketErrorCode))
            {
                return [four];
            }
            catch (SocketException) when (port == 0 && attempt < PortAttempts)
            {
                // The port that the system chose for one family is taken in the other: let it choose again.
                four.Dispose();
            }
            catch (SocketException)
            {
                four.Dispose();
                throw;
            }
        }
    }

    private static Socket OpenAny(int port, RouteSettings route)
    {
        try
        {
            return OpenTcp(IPAddress.IPv6Any, port, route, dualMode: true);
        }
        catch (SocketException exception) when (HasNoIPv6(exception.SocketErrorCode))
        {
            return OpenTcp(IPAddress.Any, port, route);
        }
    }

    private static bool HasNoIPv6(SocketError error) =>
        error is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable
            or SocketError.ProtocolFamilyNotSupported or SocketError.OperationNotSupported;

    private static Socket OpenTcp(IPAddress address, int port, RouteSettings route, bool dualMode = false)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = dualMode;
            }

            // Accepted sockets inherit these, on Linux also the keepalive time: no system call for each client.
            TcpOptions.Apply(socket, route);
            return Listen(socket, new IPEndPoint(address, port), route);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket OpenUnix(ProxyEndpoint endpoint, RouteSettings route)
    {
        UnixSocketFile.RemoveStale(endpoint);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // Disposing of the socket removes the file that Bind makes.
            return Listen(socket, new UnixDomainSocketEndPoint(endpoint.Path!), route);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket Listen(Socket socket, EndPoint address, RouteSettings route)
    {
        socket.Blocking = false;
        socket.Bind(address);
        socket.Listen(route.Backlog);
        return socket;
    }
}
