using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Tests.Facts;

/// <summary>What several listeners on one port do, on which the loops of a proxy rely.</summary>
[Platform("Linux")]
internal sealed class SharedPortFacts
{
    private const int Clients = 200;

    // ListenSocket.TryOpenSibling: the first socket is bound exclusively, so that a port in use is told.
    [Test]
    public void Sharing_may_be_allowed_after_the_first_listens_and_clients_are_spread()
    {
        using Socket first = Listening();
        using Socket second = Sharing(first);
        List<Socket> clients = Connect(first.LocalEndPoint!);

        int toFirst = AcceptAll(first).Count;
        int toSecond = AcceptAll(second).Count;

        Assert.That(toFirst + toSecond, Is.EqualTo(Clients));
        Assert.That(Math.Min(toFirst, toSecond), Is.GreaterThan(Clients / 10));
        clients.ForEach(static client => client.Dispose());
    }

    // A second proxy on the port of one with several loops is refused: its first socket does not ask to share.
    [Test]
    public void A_socket_that_does_not_share_is_refused_where_others_do()
    {
        using Socket first = Listening();
        using Socket second = Sharing(first);
        using Socket third = NewTcp();

        Assert.That(
            () => third.Bind(first.LocalEndPoint!),
            Throws.TypeOf<SocketException>().With.Property(nameof(SocketException.SocketErrorCode)).EqualTo(SocketError.AddressAlreadyInUse));
    }

    // What TryOpenSibling says of other processes.
    [Test]
    public void A_socket_that_shares_is_let_in_where_others_do()
    {
        using Socket first = Listening();
        using Socket second = Sharing(first);

        Assert.That(() => Sharing(second).Dispose(), Throws.Nothing);
    }

    // ListenSocket needs nothing more for a restart: connections inherit the sharing, and do not stand in the way.
    [Test]
    public void A_connection_accepted_from_a_shared_port_does_not_keep_a_later_listener_out()
    {
        Socket first = Listening();
        Socket second = Sharing(first);
        EndPoint address = first.LocalEndPoint!;
        using Socket client = NewTcp();
        client.Connect(address);
        using Socket accepted = AcceptAll(first).Concat(AcceptAll(second)).Single();
        first.Dispose();
        second.Dispose();

        using Socket later = NewTcp();
        later.Bind(address);

        Assert.That(() => later.Listen(1), Throws.Nothing);
    }

    // Why all loops pause together at the maximum, and why the proxy is whole or stopped: nobody inherits a queue.
    [Test]
    public void Closing_one_listener_resets_the_clients_in_its_own_queue()
    {
        using Socket first = Listening();
        Socket second = Sharing(first);
        List<Socket> clients = Connect(first.LocalEndPoint!);

        second.Dispose();

        int toFirst = AcceptAll(first).Count;
        int reset = clients.Count(static client =>
        {
            client.Blocking = false;
            client.Receive(new byte[1], SocketFlags.None, out SocketError error);
            return error == SocketError.ConnectionReset;
        });
        Assert.That(reset, Is.Positive.And.EqualTo(Clients - toFirst));
        clients.ForEach(static client => client.Dispose());
    }

    // TryOpenSibling's answer for a Unix socket, whatever the kernel says to the option.
    [Test]
    public void A_unix_socket_has_no_second_listener()
    {
        using var file = new UnixSocketPath();
        using var first = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        first.Bind(file.EndPoint);
        first.Listen(1);
        using var second = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

        SocketException? exception = Assert.Throws<SocketException>(() =>
        {
            Share(first);
            Share(second);
            second.Bind(file.EndPoint);
        });

        Assert.That(
            exception!.SocketErrorCode,
            Is.EqualTo(SocketError.OperationNotSupported).Or.EqualTo(SocketError.AddressAlreadyInUse));
        second.Dispose();
        Assert.That(file.Path, Does.Exist);
    }

    private static Socket NewTcp() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private static Socket Listening()
    {
        Socket listener = NewTcp();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(Clients);
        return listener;
    }

    private static Socket Sharing(Socket first)
    {
        Socket listener = NewTcp();
        Share(first);
        Share(listener);
        listener.Bind(first.LocalEndPoint!);
        listener.Listen(Clients);
        return listener;
    }

    private static void Share(Socket socket) =>
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);

    private static List<Socket> Connect(EndPoint address) => [.. Enumerable.Range(0, Clients).Select(_ =>
    {
        Socket client = NewTcp();
        client.Connect(address);
        return client;
    })];

    /// <summary>Everybody in the queue; a connect that has returned on loopback is in it.</summary>
    private static List<Socket> AcceptAll(Socket listener)
    {
        List<Socket> accepted = [];
        while (listener.Poll(0, SelectMode.SelectRead))
        {
            accepted.Add(listener.Accept());
        }

        return accepted;
    }
}
