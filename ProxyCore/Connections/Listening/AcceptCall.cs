using System.Net.Sockets;
using System.Runtime.InteropServices;
using ProxyCore.Loop;

namespace ProxyCore.Connections.Listening;

/// <summary>The call that accepts a client, if one is there.</summary>
/// <remarks>
/// <see cref="Socket.Accept"/> throws where nobody waits, so that it needs a question before it, and makes the new socket
/// non-blocking, which a relay does not need. So on Linux the call itself is made.
/// </remarks>
internal static partial class AcceptCall
{
    // include/linux/net.h
    private const int CloseOnExec = 0x80000;

    /// <summary>
    /// Accepts a client of <paramref name="listener"/>, which is non-blocking. <see cref="SocketError.WouldBlock"/> means
    /// that nobody waits.
    /// </summary>
    internal static SocketError TryAccept(Socket listener, out Socket client)
    {
        client = null!;
        if (OperatingSystem.IsLinux())
        {
            int descriptor = Accept(listener.SafeHandle, 0, 0, CloseOnExec);
            return descriptor >= 0
                ? TryWrap(descriptor, out client)
                : LinuxErrors.Name(Marshal.GetLastPInvokeError());
        }

        if (!listener.Poll(0, SelectMode.SelectRead))
        {
            return SocketError.WouldBlock;
        }

        try
        {
            client = listener.Accept();
            return SocketError.Success;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
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
    }

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    private static partial int Accept(SafeHandle listener, nint address, nint size, int flags);
}
