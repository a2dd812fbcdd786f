using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Tests.Upstreams;

/// <summary>An upstream that never accepts: its backlog is full, so that a connect stays without an answer.</summary>
internal sealed class BlackHole : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _waiting = [];

    internal BlackHole()
        : this(IPAddress.Loopback)
    {
    }

    internal BlackHole(IPAddress address)
    {
        _listener.Bind(new IPEndPoint(address, 0));
        _listener.Listen(0);

        // Linux drops a SYN when the accept queue is full: from then on a connect hangs.
        while (TryFill())
        {
        }
    }

    internal EndPoint Endpoint => _listener.LocalEndPoint!;

    public void Dispose()
    {
        _listener.Dispose();
        _waiting.ForEach(static socket => socket.Dispose());
    }

    private bool TryFill()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        _waiting.Add(socket);
        try
        {
            socket.Connect(Endpoint);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.WouldBlock)
        {
            // On loopback a connect that is answered at all is answered within the call.
        }

        return socket.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectWrite);
    }
}
