using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Bench.Micro;

/// <summary>Connected sockets for the benchmarks.</summary>
internal static class SocketPairs
{
    internal static (Socket Near, Socket Far) Connect()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        far.Connect(listener.LocalEndPoint!);
        Socket near = listener.Accept();
        near.NoDelay = true;
        return (near, far);
    }
}
