using System.Net;
using System.Net.Sockets;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Facts;

/// <summary>What listening sockets do and what accepted ones get from them.</summary>
internal sealed class ListenFacts
{
    private static readonly IPEndPoint _anyPort = new(IPAddress.Loopback, 0);

    // Listener.AcceptConnection sets nothing on the client's socket.
    [Test]
    [Platform("Linux")]
    public void An_accepted_socket_inherits_Blocking_NoDelay_and_the_keepalive_time([Values] bool blocking)
    {
        using Socket listener = NewTcp();
        listener.Blocking = blocking;
        listener.NoDelay = true;
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        listener.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 77);
        listener.Bind(_anyPort);
        listener.Listen(1);
        using Socket client = NewTcp();
        client.Connect(listener.LocalEndPoint!);

        using Socket accepted = listener.Accept();

        Assert.That(accepted.Blocking, Is.EqualTo(blocking));
        Assert.That(accepted.NoDelay, Is.True);
        Assert.That(accepted.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive), Is.Not.Zero);
        Assert.That(accepted.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime), Is.EqualTo(77));
    }

    // AcceptCall accepts from a blocking listener once Poll has seen a client.
    [Test]
    [Platform("Linux")]
    [CancelAfter(20_000)]
    public void A_client_that_resets_between_Poll_and_Accept_stays_in_the_queue()
    {
        using Socket listener = Listening();
        using Socket client = NewTcp();
        client.Connect(listener.LocalEndPoint!);
        EndPoint address = client.LocalEndPoint!;
        Assert.That(listener.Poll(TimeSpan.FromSeconds(10), SelectMode.SelectRead), Is.True);

        client.Close(0);
        using Socket accepted = listener.Accept();

        Assert.That(accepted.RemoteEndPoint, Is.EqualTo(address));
        Assert.That(listener.Poll(0, SelectMode.SelectRead), Is.False);
    }

    // AcceptCall asks Poll first.
    [Test]
    public void Accept_throws_WouldBlock_when_nobody_waits()
    {
        using Socket listener = Listening();
        listener.Blocking = false;

        Assert.That(listener.Poll(0, SelectMode.SelectRead), Is.False);
        Assert.That(
            listener.Accept,
            Throws.TypeOf<SocketException>().With.Property(nameof(SocketException.SocketErrorCode)).EqualTo(SocketError.WouldBlock));
    }

    // Why ListenSocket leaves ReuseAddress alone: two proxies on one port would share its clients unnoticed.
    [Test]
    [Platform("Linux")]
    public void ReuseAddress_lets_two_sockets_listen_on_one_port()
    {
        using Socket first = NewTcp();
        first.ExclusiveAddressUse = false;
        first.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        first.Bind(_anyPort);
        first.Listen(1);
        using Socket second = NewTcp();
        second.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);

        Assert.That(() => second.Bind(first.LocalEndPoint!), Throws.Nothing);
        Assert.That(() => second.Listen(1), Throws.Nothing);
    }

    // ListenSocket relies on this for "the address is already in use".
    [Test]
    [NotUnderWine(NotUnderWineAttribute.Exceptions)]
    public void Without_ReuseAddress_a_second_listener_is_refused()
    {
        using Socket first = Listening();
        using Socket second = NewTcp();

        Assert.That(
            () => second.Bind(first.LocalEndPoint!),
            Throws.TypeOf<SocketException>().With.Property(nameof(SocketException.SocketErrorCode)).EqualTo(SocketError.AddressAlreadyInUse));
    }

    // ListenSocket needs no option for a restart while the last connections are in TIME_WAIT.
    [Test]
    [Platform("Linux")]
    public void Bind_sets_SO_REUSEADDR_by_itself()
    {
        const int SolSocket = 1;
        const int SoReuseAddr = 2;
        using Socket listener = Listening();
        byte[] value = new byte[sizeof(int)];

        listener.GetRawSocketOption(SolSocket, SoReuseAddr, value);

        Assert.That(BitConverter.ToInt32(value), Is.Not.Zero);
    }

    // ListenSocket leaves the file to the socket.
    [Test]
    [Platform(Exclude = "Win")]
    public void Disposing_a_bound_Unix_socket_deletes_its_file_and_disposing_an_accepted_one_does_not()
    {
        using var file = new UnixSocketPath();
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(file.EndPoint);
        listener.Listen(1);
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(file.EndPoint);

        listener.Accept().Dispose();
        Assert.That(file.Path, Does.Exist);

        listener.Dispose();
        Assert.That(file.Path, Does.Not.Exist);
    }

    private static Socket NewTcp() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private static Socket Listening()
    {
        Socket listener = NewTcp();
        listener.Bind(_anyPort);
        listener.Listen(1);
        return listener;
    }
}
