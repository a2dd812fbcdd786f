using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ProxyCore.Connections;

/// <summary>The call that begins a non-blocking connect.</summary>
/// <remarks>
/// <see cref="Socket.Connect(EndPoint)"/> throws for one that is under way, which is how nearly all begin: a tenth of the
/// processor time of a short connection. On Linux the call itself is made, and .NET asked only when it fails.
/// </remarks>
internal static partial class ConnectCall
{
    // include/uapi/asm-generic/errno.h
    private const int InProgress = 115;

    /// <summary>
    /// Begins to connect. <see cref="SocketError.WouldBlock"/> means that it is under way; for a Unix socket, that the
    /// backlog is full.
    /// </summary>
    internal static SocketError Begin(Socket socket, EndPoint address)
    {
        if (OperatingSystem.IsLinux() && address is IPEndPoint)
        {
            SocketAddress native = address.Serialize();
            if (Connect(socket.SafeHandle, native.Buffer.Span, native.Size) == 0)
            {
                return SocketError.Success;
            }

            if (Marshal.GetLastPInvokeError() == InProgress)
            {
                return SocketError.WouldBlock;
            }
        }

        // Here for the error: on Linux a second connect meets the same one, and .NET has its name.
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

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(SafeHandle socket, ReadOnlySpan<byte> address, int size);
}
