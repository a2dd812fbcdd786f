using System.Net.Sockets;
using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>The TCP options of a route, on a socket that listens or connects for it.</summary>
internal static class TcpOptions
{
    /// <summary>Sets the options of a new socket.</summary>
    internal static void Apply(Socket socket, RouteSettings route)
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

    /// <summary>Sets the options of one that may have others.</summary>
    internal static void Change(Socket socket, RouteSettings route)
    {
        if (socket.AddressFamily == AddressFamily.Unix)
        {
            return;
        }

        socket.NoDelay = route.NoDelay;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, false);
        if (route.KeepAlive is { } time)
        {
            KeepAlive(socket, time);
        }
    }

    private static void KeepAlive(Socket socket, TimeSpan time)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)time.TotalSeconds);
    }
}
