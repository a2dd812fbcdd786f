using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using ProxyCore.Loop;
using ProxyCore.Platform;

namespace ProxyCore.Connections.Dialing;

/// <summary>The call that begins a non-blocking connect.</summary>
/// <remarks>
/// <see cref="Socket.Connect(EndPoint)"/> throws for one that is under way, which is how nearly all begin: a tenth of the
/// processor time of a short connection. So on Linux the call itself is made.
/// </remarks>
internal static partial class ConnectCall
{
    // include/uapi/asm-generic/fcntl.h
    private const int SetFlags = 4;
    private const int ReadWrite = 2;
    private const int NonBlocking = 0x800;

    /// <summary>
    /// Begins to connect <paramref name="socket"/>, a new one. <see cref="SocketError.InProgress"/> means that it is under
    /// way; <see cref="SocketError.WouldBlock"/>, that a Unix socket's backlog is full.
    /// </summary>
    internal static SocketError Begin(Socket socket, EndPoint address)
    {
        if (TargetSystem.IsLinux)
        {
            return BeginOnLinux(socket.SafeHandle, address);
        }

        try
        {
            socket.Blocking = false;
            socket.Connect(address);
            return SocketError.Success;
        }
        catch (SocketException exception)
        {
            // .NET has one name for both.
            bool isUnderWay = exception.SocketErrorCode == SocketError.WouldBlock && address.AddressFamily != AddressFamily.Unix;
            return isUnderWay ? SocketError.InProgress : exception.SocketErrorCode;
        }
    }

    private static SocketError BeginOnLinux(SafeHandle socket, EndPoint address)
    {
        SetDescriptorFlags(socket, SetFlags, ReadWrite | NonBlocking);
        Span<byte> bytes = stackalloc byte[LinuxAddress.LargestSize];
        if (Connect(socket, LinuxAddress.Write(address, bytes)) == 0)
        {
            return SocketError.Success;
        }

        return LinuxErrors.Name(Marshal.GetLastPInvokeError()) switch
        {
            // connect(2): EAGAIN of TCP is a shortage in the kernel. Such a connect is not under way.
            SocketError.WouldBlock when address.AddressFamily != AddressFamily.Unix => SocketError.NoBufferSpaceAvailable,
            var error => error,
        };
    }

    private static int Connect(SafeHandle socket, ReadOnlySpan<byte> address) => Connect(socket, address, address.Length);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int SetDescriptorFlags(SafeHandle socket, int command, int flags);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(SafeHandle socket, ReadOnlySpan<byte> address, int size);
}
