using System.Net.Sockets;
using System.Runtime.InteropServices;
using ProxyCore.Platform;

namespace ProxyCore.Relay;

/// <summary>The call that sends a FIN, and finds out whether the peer had reset the connection before.</summary>
internal static partial class FinCall
{
    // include/linux/net.h
    private const int SendingEnds = 1;

    internal static TransferResult Send(Socket socket)
    {
        // ENOTCONN is Linux's answer for a TCP socket that a reset or a timeout has disconnected (inet_shutdown in
        // net/ipv4/af_inet.c). A Unix socket's shutdown succeeds after a reset.
        if (!TargetSystem.IsLinux || socket.AddressFamily == AddressFamily.Unix)
        {
            return AskAndSend(socket);
        }

        if (Shutdown(socket.SafeHandle, SendingEnds) == 0)
        {
            return TransferResult.Success;
        }

        // What has disconnected it is noted on the socket, unless another call has told it already.
        TransferResult failure = SocketErrors.Take(socket);
        return failure == TransferResult.Success ? TransferResult.Reset : failure;
    }

    private static TransferResult AskAndSend(Socket socket)
    {
        // Asked first: on a socket that .NET holds for connected, as it does an accepted one, Shutdown reports no error
        // when a reset has disconnected it.
        TransferResult failure = SocketErrors.Take(socket);
        if (failure != TransferResult.Success)
        {
            return failure;
        }

        try
        {
            socket.Shutdown(SocketShutdown.Send);
            return TransferResult.Success;
        }
        catch (SocketException exception)
        {
            return SocketErrors.Classify(exception.SocketErrorCode);
        }
    }

    [LibraryImport("libc", EntryPoint = "shutdown")]
    private static partial int Shutdown(SafeHandle socket, int how);
}
