using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Tests.Upstreams;

/// <summary>An address where connecting is refused: the port is taken, but nobody listens.</summary>
internal sealed class RefusedEndpoint : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    internal RefusedEndpoint() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    internal EndPoint Endpoint => _socket.LocalEndPoint!;

    /// <summary>Listens from now on, and echoes.</summary>
    internal EchoUpstream ComeBack()
    {
        EndPoint address = Endpoint;
        Dispose();
        return new EchoUpstream(address);
    }

    public void Dispose() => _socket.Dispose();
}
