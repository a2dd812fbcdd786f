using System.Net.Sockets;

namespace ProxyCore.Connections;

/// <summary>The TCP options of a route, on a socket that listens or connects for it.</summary>
internal static class TcpOptions
{
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
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)time.TotalSeconds);
        }
    }
}
