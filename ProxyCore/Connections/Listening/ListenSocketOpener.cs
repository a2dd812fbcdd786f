using System.Net;
using System.Net.Sockets;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Listening;

/// <summary>Opens listening sockets for the forms that an endpoint can have.</summary>
/// <param name="route">The options of the sockets.</param>
/// <param name="shares">Whether they share their address with others that allow it.</param>
internal sealed class ListenSocketOpener(RouteSettings route, bool shares)
{
    private const int PortAttempts = 16;

    /// <summary>Returns sockets that are bound and listening; when one can't be, none stays open.</summary>
    /// <exception cref="SocketException">The endpoint can't be listened on.</exception>
    /// <exception cref="ListenException">The same, of a Unix socket, with more to say.</exception>
    internal IReadOnlyList<Socket> Open(ProxyEndpoint endpoint) => endpoint.Kind switch
    {
        ProxyEndpointKind.Loopback => OpenLoopback(endpoint.Port),
        ProxyEndpointKind.Any => [OpenAny(endpoint.Port)],
        ProxyEndpointKind.UnixSocket => [OpenUnix(endpoint)],
        _ => [OpenTcp(endpoint.Address!, endpoint.Port)],
    };

    private IReadOnlyList<Socket> OpenLoopback(int port)
    {
        for (int attempt = 1; ; attempt++)
        {
            Socket four = OpenTcp(IPAddress.Loopback, port);
            try
            {
                int chosen = ((IPEndPoint)four.LocalEndPoint!).Port;
                return [four, OpenTcp(IPAddress.IPv6Loopback, chosen)];
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

    private Socket OpenAny(int port)
    {
        try
        {
            return OpenTcp(IPAddress.IPv6Any, port, dualMode: true);
        }
        catch (SocketException exception) when (HasNoIPv6(exception.SocketErrorCode))
        {
            return OpenTcp(IPAddress.Any, port);
        }
    }

    private static bool HasNoIPv6(SocketError error) =>
        error is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable
            or SocketError.ProtocolFamilyNotSupported or SocketError.OperationNotSupported;

    private Socket OpenTcp(IPAddress address, int port, bool dualMode = false)
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
            if (shares)
            {
                ListenSocket.Share(socket);
            }

            ListenSocket.Listen(socket, new IPEndPoint(address, port), route);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private Socket OpenUnix(ProxyEndpoint endpoint)
    {
        UnixSocketFile.RemoveStale(endpoint);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // Disposing of the socket removes the file that Bind makes.
            ListenSocket.Listen(socket, new UnixDomainSocketEndPoint(endpoint.Path!), route);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
