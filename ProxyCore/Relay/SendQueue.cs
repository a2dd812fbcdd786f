using System.Net.Sockets;
using System.Runtime.InteropServices;
using ProxyCore.Platform;

namespace ProxyCore.Relay;

/// <summary>Asks the kernel what it still holds of what was sent.</summary>
internal static class SendQueue
{
    // Linux, include/uapi/linux/tcp.h, struct tcp_info: tcpi_state is the first byte, tcpi_unacked (segments sent and
    // not acknowledged) stands at 24, tcpi_notsent_bytes at 144. Fields are only ever added at the end.
    private const int IpProtoTcp = 6;
    private const int TcpInfo = 11;
    private const int UnackedOffset = 24;
    private const int NotSentOffset = 144;
    private const byte TcpClose = 7;

    // Linux, include/uapi/asm-generic/socket.h and linux/sock_diag.h: nine 32-bit figures of a socket's memory.
    private const int SolSocket = 1;
    private const int SoMemInfo = 55;
    private const int MemInfoSize = 9 * sizeof(uint);
    private const int SendBufferOffset = 3 * sizeof(uint);
    private const int QueuedOffset = 5 * sizeof(uint);

    /// <summary>
    /// Whether bytes are under way that closing with a reset would destroy; null where the system can't tell. False for a
    /// Unix socket, whose bytes are in the peer's queue as soon as they are sent.
    /// </summary>
    internal static bool? IsUnderWay(Socket socket)
    {
        if (socket.AddressFamily == AddressFamily.Unix)
        {
            return false;
        }

        if (!TargetSystem.IsLinux)
        {
            return null;
        }

        Span<byte> info = stackalloc byte[NotSentOffset + sizeof(uint)];
        if (!TryAsk(socket, IpProtoTcp, TcpInfo, info))
        {
            // An emulator or a sandbox in the kernel's place.
            return null;
        }

        uint unacked = MemoryMarshal.Read<uint>(info[UnackedOffset..]);
        uint notSent = MemoryMarshal.Read<uint>(info[NotSentOffset..]);
        return info[0] != TcpClose && (unacked != 0 || notSent != 0);
    }

    /// <summary>
    /// How many bytes the kernel would take for <paramref name="socket"/> now, its own overhead included. 0 where the
    /// system can't tell, and for a Unix socket.
    /// </summary>
    internal static int Room(Socket socket)
    {
        Span<byte> info = stackalloc byte[MemInfoSize];
        if (!TargetSystem.IsLinux || socket.AddressFamily == AddressFamily.Unix
            || !TryAsk(socket, SolSocket, SoMemInfo, info))
        {
            return 0;
        }

        int room = MemoryMarshal.Read<int>(info[SendBufferOffset..]) - MemoryMarshal.Read<int>(info[QueuedOffset..]);
        return Math.Max(room, 0);
    }

    private static bool TryAsk(Socket socket, int level, int name, Span<byte> info)
    {
        try
        {
            return socket.GetRawSocketOption(level, name, info) >= info.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
