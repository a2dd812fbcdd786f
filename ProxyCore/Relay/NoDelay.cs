using System.Net.Sockets;

namespace ProxyCore.Relay;

/// <summary>The option that makes small writes go out at once: TCP_NODELAY.</summary>
/// <remarks>
/// Without it the kernel holds a small write back while an earlier one is not acknowledged (tcp_nagle_check in
/// net/ipv4/tcp_output.c): some 40 ms, when the peer delays its acknowledgements. The first write of a connection is never held back.
/// </remarks>
internal static class NoDelay
{
    /// <summary>Sets it, where <paramref name="socket"/> has it and the system sets options of a socket that was reset.</summary>
    internal static void TrySet(Socket socket)
    {
        if (socket.AddressFamily == AddressFamily.Unix)
        {
            return;
        }

        try
        {
            socket.NoDelay = true;
        }
        catch (SocketException)
        {
            // The next send tells of what has happened to the socket.
        }
    }
}
