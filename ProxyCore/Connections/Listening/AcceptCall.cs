using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using ProxyCore.Connections.Sockets;
using ProxyCore.Loop;
using ProxyCore.Platform;

namespace ProxyCore.Connections.Listening;

/// <summary>Accepts a client, if one is queued, and never waits for one.</summary>
/// <remarks>
/// <see cref="Socket.Accept"/> costs one system call on a blocking listener, and would wait there while no client is
/// queued; so it is asked first how many are. A client that has been seen stays in the queue until it is accepted, even after
/// a reset (inet_csk_accept in net/ipv4/inet_connection_sock.c), unless another process accepts from the same queue. So a listener
/// that another process shares is non-blocking, and the system call is made here: on such a listener
/// <see cref="Socket.Accept"/> throws when it finds no client, and costs two calls more for each that it finds.
/// </remarks>
internal static partial class AcceptCall
{
    // include/linux/net.h
    private const int CloseOnExec = 0x80000;

    // include/linux/socket.h, include/uapi/linux/in.h, include/uapi/linux/in6.h. A Unix address is not read.
    private const ushort InterNetwork = 2;
    private const ushort InterNetworkV6 = 10;
    private const int AddressSize = 28;

    // include/uapi/linux/tcp.h: struct tcp_info, as far as it is read.
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;
    private const int TcpInfoUnacked = 24;
    private const int TcpInfoSize = TcpInfoUnacked + sizeof(int);

    /// <summary>How many clients are queued; null where the system tells of none, which an accept has to find out.</summary>
    /// <remarks>tcp(7), TCP_INFO: of a listener tcpi_unacked is the length of its queue (tcp_get_info in net/ipv4/tcp.c).</remarks>
    internal static int? CountQueued(Socket listener)
    {
        if (!TargetSystem.IsLinux || !listener.Blocking || listener.AddressFamily == AddressFamily.Unix)
        {
            return null;
        }

        try
        {
            Span<byte> info = stackalloc byte[TcpInfoSize];
            int size = listener.GetRawSocketOption(TcpLevel, TcpInfo, info);
            int count = size == TcpInfoSize ? MemoryMarshal.Read<int>(info[TcpInfoUnacked..]) : 0;
            return count > 0 ? count : null;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>
    /// Accepts a client of <paramref name="listener"/>. <see cref="SocketError.WouldBlock"/> means that no client is queued.
    /// </summary>
    /// <param name="listener">The listener.</param>
    /// <param name="wantsAddress">Whether somebody asks for the client's address.</param>
    /// <param name="client">The client.</param>
    /// <param name="isQueued">Whether <see cref="CountQueued"/> has counted it: then nobody is asked again.</param>
    internal static SocketError TryAccept(Socket listener, bool wantsAddress, out AcceptedClient client, bool isQueued = false)
    {
        client = default;
        if (TargetSystem.IsLinux && !listener.Blocking)
        {
            return TryAcceptShared(listener, wantsAddress, out client);
        }

        if (!isQueued && !listener.Poll(0, SelectMode.SelectRead))
        {
            return SocketError.WouldBlock;
        }

        try
        {
            Socket socket = listener.Accept();
            client = new AcceptedClient(socket, wantsAddress ? socket.RemoteEndPoint : null);
            return SocketError.Success;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
        catch (InvalidOperationException exception) when (exception is not ObjectDisposedException)
        {
            // What .NET makes of EINVAL: the socket is bound and does not listen yet, which Poll reports as readable.
            return SocketError.InvalidArgument;
        }
    }

    /// <summary>Whether only one client is concerned, so that the next can be accepted at once.</summary>
    /// <remarks>accept(2): Linux passes errors that are pending on the new connection, which is then gone.</remarks>
    internal static bool IsOfOneClient(SocketError error) => error
        is SocketError.ConnectionAborted or SocketError.ConnectionReset or SocketError.Interrupted
        or SocketError.NetworkDown or SocketError.HostDown or SocketError.HostUnreachable
        or SocketError.NetworkUnreachable or SocketError.ProtocolOption or SocketError.OperationNotSupported;

    private static unsafe SocketError TryAcceptShared(Socket listener, bool wantsAddress, out AcceptedClient client)
    {
        client = default;
        byte* address = stackalloc byte[AddressSize];
        int size = AddressSize;
        int descriptor = wantsAddress
            ? Accept(listener.SafeHandle, (nint)address, (nint)(&size), CloseOnExec)
            : Accept(listener.SafeHandle, 0, 0, CloseOnExec);
        if (descriptor < 0)
        {
            return LinuxErrors.Name(Marshal.GetLastPInvokeError());
        }

        SocketError error = TryWrap(descriptor, out Socket socket);
        if (error == SocketError.Success)
        {
            client = new AcceptedClient(socket, wantsAddress ? ReadAddress(new ReadOnlySpan<byte>(address, size)) : null);
        }

        return error;
    }

    private static SocketError TryWrap(int descriptor, out Socket client)
    {
        var handle = new SafeSocketHandle(descriptor, ownsHandle: true);
        try
        {
            client = new Socket(handle);
            return SocketError.Success;
        }
        catch (SocketException exception)
        {
            handle.Dispose();
            client = null!;
            return exception.SocketErrorCode;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static IPEndPoint? ReadAddress(ReadOnlySpan<byte> address) => MemoryMarshal.Read<ushort>(address) switch
    {
        InterNetwork => new IPEndPoint(new IPAddress(address[4..8]), PortOf(address)),
        InterNetworkV6 => new IPEndPoint(
            new IPAddress(address[8..24], MemoryMarshal.Read<uint>(address[24..])), PortOf(address)),
        _ => null,
    };

    private static int PortOf(ReadOnlySpan<byte> address) => BinaryPrimitives.ReadUInt16BigEndian(address[2..]);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    private static partial int Accept(SafeHandle listener, nint address, nint size, int flags);
}
