using System.Net;
using System.Net.Sockets;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Facts;

/// <summary>How a non-blocking connect goes, as far as the connector rests on it.</summary>
internal sealed class ConnectFacts
{
    // UpstreamConnector takes it for "under way".
    [Test]
    public void Connect_throws_WouldBlock_on_a_non_blocking_TCP_socket()
    {
        using Socket listener = NewTcp();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        using Socket socket = NewTcp();

        Assert.That(ConnectError(socket, listener.LocalEndPoint!), Is.EqualTo(SocketError.WouldBlock));
        socket.WaitWritable();
        Assert.That(PendingError(socket), Is.EqualTo(SocketError.Success));
    }

    // UpstreamConnector reads SO_ERROR first and keeps what it says.
    [Test]
    [Platform("Linux")]
    public void A_refused_connect_is_told_by_SO_ERROR_once()
    {
        using Socket socket = Refused();

        Assert.That(PendingError(socket), Is.EqualTo(SocketError.ConnectionRefused));
        Assert.That(PendingError(socket), Is.EqualTo(SocketError.Success));
    }

    // Why Socket.Connected is banned, and RemoteEndPoint not asked before.
    [Test]
    [Platform("Linux")]
    public void Asking_for_the_remote_end_point_consumes_SO_ERROR()
    {
        using Socket socket = Refused();

        _ = socket.RemoteEndPoint;

        Assert.That(PendingError(socket), Is.EqualTo(SocketError.Success));
    }

    // UpstreamConnector tries such a socket again later.
    [Test]
    [Platform("Linux")]
    public void Connect_throws_WouldBlock_on_a_Unix_socket_whose_backlog_is_full()
    {
        using var file = new UnixSocketPath();
        using Socket listener = NewUnix();
        listener.Bind(file.EndPoint);
        listener.Listen(1);
        var sockets = new List<Socket>();
        SocketError error = SocketError.Success;
        while (error == SocketError.Success && sockets.Count < 10)
        {
            sockets.Add(NewUnix());
            error = ConnectError(sockets[^1], file.EndPoint);
        }

        Assert.That(error, Is.EqualTo(SocketError.WouldBlock));
        Assert.That(sockets, Has.Count.GreaterThan(1), "those before it are connected at once");
        sockets.ForEach(static socket => socket.Dispose());
    }

    private static Socket NewTcp() =>
        new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };

    private static Socket NewUnix() =>
        new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };

    private static Socket Refused()
    {
        // Bound and not listening: nobody else gets the port meanwhile, and it refuses.
        using Socket bound = NewTcp();
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Socket socket = NewTcp();
        Assert.That(ConnectError(socket, bound.LocalEndPoint!), Is.EqualTo(SocketError.WouldBlock));
        socket.WaitWritable();
        return socket;
    }

    private static SocketError ConnectError(Socket socket, EndPoint address)
    {
        try
        {
            socket.Connect(address);
            return SocketError.Success;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
    }

    private static SocketError PendingError(Socket socket) =>
        (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
}
