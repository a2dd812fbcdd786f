using System.Net.Sockets;
using System.Runtime.InteropServices;
using ProxyCore.Loop;
using ProxyCore.Platform;

namespace ProxyCore.Relay;

/// <summary>Receives and sends without ever waiting.</summary>
/// <remarks>
/// On Linux each call says so for itself. To make the socket non-blocking instead costs two system calls and 220 bytes
/// a socket, which .NET keeps for asynchronous operations that no relay makes; an eighth of the memory and of the
/// system calls of a connection. The calls are made by their numbers: glibc's recv and send are points of cancellation,
/// and pay for that, in a program with threads, with two atomic exchanges each time; 1.5% of a busy proxy's time. And the
/// number of an error is read only after a failure: <c>SetLastError</c> would clear and read it at each call.
/// </remarks>
internal static partial class SocketTransfer
{
    // include/linux/socket.h
    private const int Peek = 0x2;
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int More = 0x8000;

    // arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h; 0 where others apply.
    private static readonly nint _recvfrom = Number(x64: 45, generic: 207);
    private static readonly nint _sendto = Number(x64: 44, generic: 206);

    /// <summary>Receives what there is; <paramref name="count"/> is 0 at the end of the stream, and unless it succeeds.</summary>
    internal static TransferResult Receive(Socket socket, Span<byte> buffer, out int count)
    {
        if (!TargetSystem.IsLinux)
        {
            count = socket.Receive(buffer, SocketFlags.None, out SocketError error);
            return SocketErrors.Classify(error);
        }

        nint outcome = _recvfrom == 0
            ? Receive(DescriptorOf(socket), buffer, (nuint)buffer.Length, DontWait)
            : Receive(_recvfrom, DescriptorOf(socket), buffer, (nuint)buffer.Length, DontWait, 0, 0);
        return Conclude(outcome, out count);
    }

    /// <summary>Whether bytes can be received; false at the end of the stream. Receives none.</summary>
    internal static bool HasBytes(Socket socket)
    {
        Span<byte> one = stackalloc byte[1];
        return TargetSystem.IsLinux
            ? Receive(DescriptorOf(socket), one, 1, DontWait | Peek) > 0
            : socket.Receive(one, SocketFlags.Peek, out _) > 0;
    }

    /// <summary>Sends as much as the kernel takes; <paramref name="count"/> is 0 unless it succeeds.</summary>
    /// <param name="socket">Where to.</param>
    /// <param name="bytes">What.</param>
    /// <param name="count">How many bytes the kernel has taken.</param>
    /// <param name="endFollows">
    /// Whether the FIN follows at once: on Linux both go out in one packet then.
    /// </param>
    internal static TransferResult Send(Socket socket, ReadOnlySpan<byte> bytes, out int count, bool endFollows = false)
    {
        if (!TargetSystem.IsLinux)
        {
            count = socket.Send(bytes, SocketFlags.None, out SocketError error);
            return SocketErrors.Classify(error);
        }

        int flags = endFollows ? DontWait | NoSignal | More : DontWait | NoSignal;
        nint outcome = _sendto == 0
            ? Send(DescriptorOf(socket), bytes, (nuint)bytes.Length, flags)
            : Send(_sendto, DescriptorOf(socket), bytes, (nuint)bytes.Length, flags, 0, 0);
        return Conclude(outcome, out count);
    }

    /// <summary>
    /// Only the thread that makes the call closes the socket, so nothing has to keep it open meanwhile: that costs two atomic
    /// operations a call, and in all a tenth of our own code's time.
    /// </summary>
    private static nint DescriptorOf(Socket socket)
    {
        SafeSocketHandle handle = socket.SafeHandle;
        ObjectDisposedException.ThrowIf(handle.IsClosed, socket);
        return handle.DangerousGetHandle();
    }

    private static nint Number(nint x64, nint generic) => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => x64,
        Architecture.Arm64 or Architecture.RiscV64 => generic,
        _ => 0,
    };

    private static TransferResult Conclude(nint outcome, out int count)
    {
        if (outcome >= 0)
        {
            count = (int)outcome;
            return TransferResult.Success;
        }

        count = 0;
        return SocketErrors.Classify(LinuxErrors.Name(Marshal.GetLastSystemError()));
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Receive(
        nint number, nint socket, Span<byte> buffer, nuint size, nint flags, nint address, nint addressSize);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Send(
        nint number, nint socket, ReadOnlySpan<byte> bytes, nuint size, nint flags, nint address, nint addressSize);

    [LibraryImport("libc", EntryPoint = "recv")]
    private static partial nint Receive(nint socket, Span<byte> buffer, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "send")]
    private static partial nint Send(nint socket, ReadOnlySpan<byte> bytes, nuint size, int flags);
}
