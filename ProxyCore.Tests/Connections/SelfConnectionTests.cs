using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Dialing;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Connections;

/// <summary>A socket that the system has connected to itself is told from one that has a peer.</summary>
internal sealed class SelfConnectionTests
{
    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    public void A_socket_that_is_connected_to_its_own_port_is_one(string address)
    {
        using Socket socket = New(address);

        // The simultaneous open of RFC 9293, made certain: the system chooses a port, and that is connected to.
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        EndPoint own = socket.LocalEndPoint!;
        Connect(socket, own);

        Assert.That(SelfConnection.IsOne(socket, own), Is.True);
    }

    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    public void A_socket_with_a_peer_is_none(string address)
    {
        using Socket listener = New(address);
        listener.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        listener.Listen(1);
        using Socket socket = New(address);
        Connect(socket, listener.LocalEndPoint!);

        Assert.That(SelfConnection.IsOne(socket, listener.LocalEndPoint!), Is.False);
    }

    private static Socket New(string address) =>
        new(IPAddress.Parse(address).AddressFamily, SocketType.Stream, ProtocolType.Tcp);

    private static void Connect(Socket socket, EndPoint address)
    {
        if (ConnectCall.Begin(socket, address) == SocketError.InProgress)
        {
            socket.Poll(Bound.Wait, SelectMode.SelectWrite);
        }
    }
}
