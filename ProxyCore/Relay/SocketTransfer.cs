using System.Net.Sockets;
using System.Runtime.InteropServices;
using ProxyCore.Loop;

namespace ProxyCore.Relay;

/// <summary>Receives and sends without ever waiting.</summary>
/// <remarks>
/// On Linux each call says so for itself. To make the socket non-blocking instead costs two system calls and 220 bytes
/// a socket, which .NET keeps for asynchronous operations that no relay makes; an eighth of the memory and of the
/// system calls of a connection.
/// </remarks>
internal static partial class SocketTransfer
{
    // include/linux/socket.h
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;

    /// <summary>Receives what there is; <paramref name="count"/> is 0 at the end of the stream, and unless it succeeds.</summary>
    internal static TransferResult Receive(Socket socket, Span<byte> buffer, out int count)
    {
        if (!OperatingSystem.IsLinux())
        {
            count = socket.Receive(buffer, SocketFlags.None, out SocketError error);
            return SocketErrors.Classify(error);
        }

        return Conclude(Receive(socket.SafeHandle, buffer, (nuint)buffer.Length, DontWait), out count);
    }

    /// <summary>Sends as much as the kernel takes; <paramref name="count"/> is 0 unless it succeeds.</summary>
    internal static TransferResult Send(Socket socket, ReadOnlySpan<byte> bytes, out int count)
    {
        if (!OperatingSystem.IsLinux())
        {
            count = socket.Send(bytes, SocketFlags.None, out SocketError error);
            return SocketErrors.Classify(error);
        }

        return Conclude(Send(socket.SafeHandle, bytes, (nuint)bytes.Length, DontWait | NoSignal), out count);
    }

    private static TransferResult Conclude(nint outcome, out int count)
    {
        count = (int)Math.Max(outcome, 0);
        return outcome >= 0 ? TransferResult.Success : SocketErrors.Classify(LinuxErrors.Name(Marshal.GetLastPInvokeError()));
    }

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(SafeHandle socket, Span<byte> buffer, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(SafeHandle socket, ReadOnlySpan<byte> bytes, nuint size, int flags);
}
