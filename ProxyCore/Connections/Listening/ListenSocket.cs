using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using ProxyCore.Connections.Sockets;
using ProxyCore.Platform;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Listening;

/// <summary>The system calls of a listening socket: bind and listen apart, its options, and how it shares an address.</summary>
internal static class ListenSocket
{
    // include/uapi/asm-generic/socket.h
    private const int SocketLevel = 1;
    private const int ReusePort = 15;
    private const int BindToInterface = 62;

    // sys/socket.h of macOS
    private const int MacSocketLevel = 0xFFFF;
    private const int MacReusePort = 0x200;

    // The kernel takes any number for SO_BINDTOIFINDEX, and numbers interfaces from 1.
    private const int NoInterface = int.MaxValue;

    /// <summary>Returns a Unix socket that is bound to <paramref name="path"/> and does not listen yet.</summary>
    /// <exception cref="SocketException">It can't be bound.</exception>
    internal static Socket BindUnix(string path) => Bind(
        new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixSocketAddress(path));

    /// <summary>Returns a TCP socket that is bound and does not listen yet.</summary>
    /// <param name="address">Where.</param>
    /// <param name="route">The options of the socket.</param>
    /// <param name="shares">Whether it may have an address that another socket, which shares too, listens on.</param>
    /// <exception cref="SocketException">It can't be bound.</exception>
    internal static Socket BindTcp(ListenAddress address, RouteSettings route, bool shares)
    {
        var socket = new Socket(address.Address!.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = address.IsDual;
            }

            // Accepted sockets inherit these, on Linux also the keepalive time: no system call for each client.
            TcpOptions.ApplyToListener(socket, route);
            if (shares)
            {
                Share(socket, true);
            }
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return Bind(socket, new IPEndPoint(address.Address, address.Port));
    }

    /// <summary>
    /// Allows or forbids that other sockets which share have its address. Linux looks when a socket is bound and when it
    /// begins to listen; sockets that listen already keep on sharing.
    /// </summary>
    /// <remarks>
    /// Nothing on Windows: there SO_REUSEADDR would let any process take the clients, and one address within another, the only
    /// case in which two listeners of a proxy overlap, can be bound without it. The call is made by its number: .NET's own option
    /// changes SO_REUSEADDR, too, and clients that are accepted without that are in the way of the next bind.
    /// </remarks>
    internal static void Share(Socket socket, bool shares)
    {
        if (!TargetSystem.RunsOnWindows)
        {
            (int level, int option) = SharingOption;
            socket.SetRawSocketOption(level, option, Bytes(shares ? 1 : 0));
        }
    }

    internal static bool IsShared(Socket socket)
    {
        if (TargetSystem.RunsOnWindows)
        {
            return true;
        }

        (int level, int option) = SharingOption;
        Span<byte> value = stackalloc byte[sizeof(int)];
        socket.GetRawSocketOption(level, option, value);
        return MemoryMarshal.Read<int>(value) != 0;
    }

    /// <summary>
    /// Makes a listening TCP socket ignore new clients: they come to another socket, or are refused. Clients in its queue,
    /// and those whose handshake has begun, are not affected. Does nothing where the system can't. Any thread.
    /// </summary>
    /// <remarks>
    /// A socket that is bound to an interface is no match for packets from others (compute_score in
    /// net/ipv4/inet_hashtables.c); a handshake that has begun remembers the interface from its SYN. SO_BINDTOIFINDEX is
    /// in Linux since 5.0, and needs no privilege since 5.7.
    /// </remarks>
    internal static void Deafen(Socket socket)
    {
        if (!TargetSystem.IsLinux || socket.AddressFamily == AddressFamily.Unix)
        {
            return;
        }

        try
        {
            socket.SetRawSocketOption(SocketLevel, BindToInterface, Bytes(NoInterface));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // An older kernel, or the listener has been closed meanwhile.
        }
    }

    internal static ListenException CannotListen(ProxyEndpoint endpoint, SocketException exception) => new(
        endpoint.ToString(), ConnectionErrors.Describe(exception.SocketErrorCode), exception.SocketErrorCode, exception);

    private static (int Level, int Option) SharingOption =>
        TargetSystem.RunsOnMacOS ? (MacSocketLevel, MacReusePort) : (SocketLevel, ReusePort);

    private static byte[] Bytes(int value) => BitConverter.GetBytes(value);

    private static Socket Bind(Socket socket, EndPoint address)
    {
        try
        {
            // On Linux AcceptCall accepts from a blocking listener, and relays need no non-blocking sockets; elsewhere
            // they do, and an accepted socket inherits it.
            socket.Blocking = TargetSystem.IsLinux;
            socket.Bind(address);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
