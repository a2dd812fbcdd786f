using System.Net.Sockets;
using ProxyCore.Relay;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Sockets;

/// <summary>The TCP options of a route, on a socket that listens or connects for it.</summary>
internal static class TcpOptions
{
    /// <summary>Sets the options of a new socket that listens.</summary>
    internal static void ApplyToListener(Socket socket, RouteSettings route)
    {
        if (socket.AddressFamily == AddressFamily.Unix)
        {
            return;
        }

        if (route.NoDelay)
        {
            socket.NoDelay = true;
        }

        if (route.KeepAlive is { } time)
        {
            KeepAlive(socket, time);
        }
    }

    /// <summary>Sets TCP_NODELAY on a socket that connects or has connected, where the route wants it.</summary>
    internal static void TryNoDelay(Socket socket, RouteSettings route)
    {
        if (route.NoDelay)
        {
            NoDelay.TrySet(socket);
        }
    }

    /// <summary>
    /// Switches the keepalive of a connected socket on, where the route wants it. Not before the connection has lived for some
    /// seconds: it costs two system calls of some sixteen.
    /// </summary>
    internal static void TryKeepAlive(Socket socket, RouteSettings route)
    {
        if (socket.AddressFamily == AddressFamily.Unix || route.KeepAlive is not { } time)
        {
            return;
        }

        try
        {
            KeepAlive(socket, time);
        }
        catch (SocketException)
        {
            // Not every system sets options of a socket that was reset; the next receive tells of it.
        }
    }

    /// <summary>Sets every option of a socket whose options are not known.</summary>
    internal static void Set(Socket socket, RouteSettings route)
    {
        if (socket.AddressFamily == AddressFamily.Unix)
        {
            return;
        }

        socket.NoDelay = route.NoDelay;
        SetKeepAlive(socket, route.KeepAlive);
    }

    /// <summary>
    /// Changes a listening socket from the options of one route to those of another, only where they differ: clients that
    /// are accepted meanwhile inherit them. Returns what went wrong; then the socket has the options that it had before.
    /// </summary>
    internal static string? TryChange(Socket socket, RouteSettings from, RouteSettings to)
    {
        try
        {
            Change(socket, from, to);
            return null;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            TryChangeBack(socket, from);
            return exception is SocketException { SocketErrorCode: var error }
                ? ConnectionErrors.Describe(error)
                : exception.Message;
        }
    }

    private static void Change(Socket socket, RouteSettings from, RouteSettings to)
    {
        if (socket.AddressFamily != AddressFamily.Unix)
        {
            if (from.NoDelay != to.NoDelay)
            {
                socket.NoDelay = to.NoDelay;
            }

            if (from.KeepAlive != to.KeepAlive)
            {
                SetKeepAlive(socket, to.KeepAlive);
            }
        }

        if (from.Backlog != to.Backlog)
        {
            socket.Listen(to.Backlog);
        }
    }

    private static void TryChangeBack(Socket socket, RouteSettings from)
    {
        try
        {
            Set(socket, from);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The next change tries again: the caller goes on to believe that the socket has the old options.
        }
    }

    private static void SetKeepAlive(Socket socket, TimeSpan? time)
    {
        if (time is { } on)
        {
            KeepAlive(socket, on);
            return;
        }

        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, false);
    }

    /// <summary>The time first: a client accepted in between has no keepalive rather than one of two hours.</summary>
    private static void KeepAlive(Socket socket, TimeSpan time)
    {
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)time.TotalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }
}
