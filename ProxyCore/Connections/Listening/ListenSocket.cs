using System.Net;
using System.Net.Sockets;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Listening;

/// <summary>Opens the sockets that an endpoint to listen on stands for.</summary>
internal static class ListenSocket
{
    /// <summary>Returns sockets that are bound and listening; when one can't be, none stays open.</summary>
    /// <param name="endpoint">Where to listen.</param>
    /// <param name="route">The options of the sockets.</param>
    /// <param name="leaving">Sockets that listen, and will be closed: those in the way are made to share their address.</param>
    /// <exception cref="ListenException">The endpoint can't be listened on.</exception>
    internal static IReadOnlyList<Socket> Open(ProxyEndpoint endpoint, RouteSettings route, IReadOnlyList<Socket> leaving)
    {
        try
        {
            Socket[] inTheWay = [.. leaving.Where(socket => IsInTheWay(socket, endpoint))];
            Array.ForEach(inTheWay, Share);
            return new ListenSocketOpener(route, shares: inTheWay.Length > 0).Open(endpoint);
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
            Listen(sibling, first.LocalEndPoint!, route);
            return sibling;
        }
        catch (SocketException exception)
        {
            sibling?.Dispose();
            return IsNoSharing(exception.SocketErrorCode) ? null : throw CannotListen(endpoint, exception);
        }
    }

    /// <summary>Gives a socket that listens already other options.</summary>
    internal static void Change(Socket socket, RouteSettings route)
    {
        TcpOptions.Change(socket, route);
        socket.Listen(route.Backlog);
    }

    internal static void Listen(Socket socket, EndPoint address, RouteSettings route)
    {
        socket.Blocking = false;
        socket.Bind(address);
        socket.Listen(route.Backlog);
    }

    // On Unix this option sets SO_REUSEPORT, too.
    internal static void Share(Socket socket) =>
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);

    private static bool IsInTheWay(Socket socket, ProxyEndpoint endpoint) =>
        endpoint.Port != 0 && socket.LocalEndPoint is IPEndPoint { Port: var port } && port == endpoint.Port;

    /// <summary>Unix sockets have no sharing (Linux 6.13 refuses the option, older ones the bind), some sandboxes neither.</summary>
    private static bool IsNoSharing(SocketError error) =>
        error is SocketError.OperationNotSupported or SocketError.ProtocolOption or SocketError.AddressAlreadyInUse;

    internal static ListenException CannotListen(ProxyEndpoint endpoint, SocketException exception) => new(
        endpoint.ToString(), ConnectionErrors.Describe(exception.SocketErrorCode), exception.SocketErrorCode, exception);
}
