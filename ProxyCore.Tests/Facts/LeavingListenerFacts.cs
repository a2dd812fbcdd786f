using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Listening;
using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Facts;

/// <summary>What Linux and .NET do with a listening socket that makes way for another.</summary>
[Platform("Linux")]
internal sealed class LeavingListenerFacts
{
    // ListenSocket.Deafen
    [NotUnderEmulation(NotUnderEmulationAttribute.NoInterfaceIndex)]
    [Test]
    public void Socket_bound_to_an_interface_that_does_not_exist_refuses_new_clients_and_keeps_its_queue()
    {
        using Socket listener = Bound();
        listener.Listen();
        using Socket queued = NewTcp();
        queued.Connect(listener.LocalEndPoint!);

        ListenSocket.Deafen(listener);

        using Socket late = NewTcp();
        Assert.That(
            () => late.Connect(listener.LocalEndPoint!),
            Throws.TypeOf<SocketException>().With.Property(nameof(SocketException.SocketErrorCode)).EqualTo(SocketError.ConnectionRefused));
        using Socket accepted = listener.Accept();
        Assert.That(accepted.RemoteEndPoint, Is.EqualTo(queued.LocalEndPoint));
        accepted.Send([1]);
        Assert.That(queued.Receive(new byte[1]), Is.EqualTo(1));
    }

    // RouteSetChange: the wider address takes over while the narrower one still accepts its queue.
    [NotUnderEmulation(NotUnderEmulationAttribute.NoInterfaceIndex)]
    [Test]
    public void New_clients_of_such_a_socket_come_to_a_wider_address()
    {
        using Socket narrow = Bound();
        narrow.Listen();
        int port = ((IPEndPoint)narrow.LocalEndPoint!).Port;
        ListenSocket.Share(narrow, true);
        using Socket wide = NewTcp();
        ListenSocket.Share(wide, true);
        wide.Bind(new IPEndPoint(IPAddress.Any, port));
        wide.Listen();

        ListenSocket.Deafen(narrow);

        using Socket client = NewTcp();
        client.Connect(narrow.LocalEndPoint);
        Assert.That((narrow.Poll(0, SelectMode.SelectRead), wide.Poll(0, SelectMode.SelectRead)), Is.EqualTo((false, true)));
    }

    // ListenerBinder: a change that fails has not queued a single client.
    [Test]
    public void Two_sockets_may_be_bound_to_one_address_and_the_second_that_listens_is_refused()
    {
        using Socket first = Bound();
        using Socket second = NewTcp();
        second.Bind(first.LocalEndPoint!);
        first.Listen();

        Assert.That(
            () => second.Listen(),
            Throws.TypeOf<SocketException>().With.Property(nameof(SocketException.SocketErrorCode)).EqualTo(SocketError.AddressAlreadyInUse));
    }

    // UnixSocketAddress
    [TestCase(false, false)]
    [TestCase(true, true)]
    public void Socket_deletes_the_file_at_its_path_unless_it_was_bound_by_another_type_of_endpoint(bool own, bool stays)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.FullName, "socket");
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(own ? new UnixSocketAddress(path) : new UnixDomainSocketEndPoint(path));
            File.Delete(path);
            File.WriteAllText(path, "another process's");
        }

        Assert.That(File.Exists(path), Is.EqualTo(stays));
    }

    private static Socket NewTcp() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private static Socket Bound()
    {
        Socket socket = NewTcp();
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
