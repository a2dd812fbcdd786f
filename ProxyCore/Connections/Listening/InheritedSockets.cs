using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using ProxyCore.Connections.Sockets;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Listening;

/// <summary>The listening sockets that the process was given, by systemd for example. Immutable, safe for any thread.</summary>
/// <remarks>
/// They belong to the process that gave them. The proxy listens with duplicates: closing those leaves the sockets open, with the
/// clients in their queues, for the next process or for an endpoint that comes back.
/// </remarks>
internal sealed partial class InheritedSockets
{
    private readonly IReadOnlyList<(SafeSocketHandle Handle, EndPoint Address)> _sockets;

    private InheritedSockets(IReadOnlyList<(SafeSocketHandle Handle, EndPoint Address)> sockets) => _sockets = sockets;

    /// <summary>Finds out where each is bound.</summary>
    /// <exception cref="ListenException">One is no listening stream socket.</exception>
    internal static InheritedSockets Read(IReadOnlyList<SafeSocketHandle> handles) =>
        new([.. handles.Select(static handle => (handle, ReadAddress(handle)))]);

    /// <summary>
    /// Each must have an endpoint: clients who come to one that nobody accepts from would wait until they give up.
    /// </summary>
    /// <exception cref="ListenException">One has none.</exception>
    internal void RequireUse(IReadOnlyList<ProxyEndpoint> endpoints)
    {
        foreach ((_, EndPoint address) in _sockets)
        {
            if (!endpoints.Any(endpoint => IsBoundTo(address, endpoint)))
            {
                string text = address is IPEndPoint ? address.ToString()! : $"unix:{address}";
                throw new ListenException(text, "the socket was handed over, but no route listens there");
            }
        }
    }

    /// <summary>Opens those that are bound to <paramref name="endpoint"/>; none when it has to be bound.</summary>
    /// <exception cref="ListenException">One can't be used; nothing stays open.</exception>
    internal IReadOnlyList<Socket> Open(ProxyEndpoint endpoint, RouteSettings route)
    {
        var opened = new List<Socket>();
        try
        {
            foreach ((SafeSocketHandle handle, EndPoint address) in _sockets)
            {
                if (IsBoundTo(address, endpoint))
                {
                    Socket socket = Duplicate(handle);
                    opened.Add(socket);
                    socket.Blocking = false;
                    TcpOptions.Set(socket, route);
                    socket.Listen(route.Backlog);
                }
            }

            return opened;
        }
        catch (SocketException exception)
        {
            opened.ForEach(static socket => socket.Dispose());
            throw ListenSocket.CannotListen(endpoint, exception);
        }
    }

    private static bool IsBoundTo(EndPoint address, ProxyEndpoint endpoint) => address switch
    {
        IPEndPoint ip when ip.Port == endpoint.Port => endpoint.Kind switch
        {
            ProxyEndpointKind.Loopback => ip.Address.Equals(IPAddress.Loopback) || ip.Address.Equals(IPAddress.IPv6Loopback),
            ProxyEndpointKind.Any => ip.Address.Equals(IPAddress.Any) || ip.Address.Equals(IPAddress.IPv6Any),
            ProxyEndpointKind.Address => ip.Address.Equals(endpoint.Address),
            _ => false,
        },
        UnixDomainSocketEndPoint when endpoint.Kind == ProxyEndpointKind.UnixSocket =>
            Path.GetFullPath(endpoint.Path!) == address.ToString(),
        _ => false,
    };

    private static EndPoint ReadAddress(SafeSocketHandle handle)
    {
        try
        {
            using Socket socket = Duplicate(handle);
            bool listens = socket.SocketType == SocketType.Stream
                && socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection) is not 0;
            return listens && socket.LocalEndPoint is { } address ? address : throw NotListening(handle);
        }
        catch (SocketException exception)
        {
            throw NotListening(handle, exception);
        }
    }

    /// <remarks>
    /// Not marked as closed on exec. From that the runtime learns that a socket may be another process's, too: any other
    /// it shuts down, for all who share it, if a thread is in a call on it when it is disposed of (SafeSocketHandle's
    /// TryUnblockSocket).
    /// </remarks>
    private static Socket Duplicate(SafeSocketHandle handle)
    {
        int descriptor = CallDup(handle);
        if (descriptor < 0)
        {
            throw new SocketException((int)SocketError.NotSocket);
        }

        var duplicate = new SafeSocketHandle(descriptor, ownsHandle: true);
        try
        {
            return new Socket(duplicate);
        }
        catch
        {
            duplicate.Dispose();
            throw;
        }
    }

    private static ListenException NotListening(SafeSocketHandle handle, SocketException? exception = null) => new(
        $"the descriptor {handle.DangerousGetHandle()} that was handed over",
        "it is no listening stream socket",
        SocketError.NotSocket,
        exception);

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int CallDup(SafeHandle descriptor);
}
