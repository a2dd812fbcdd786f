using System.Net.Sockets;
using System.Runtime.InteropServices;

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

    /// <summary>
    /// Whether bytes are under way that closing with a reset would destroy. False where the system can't tell, and
    /// for a Unix socket, whose bytes are in the peer's queue as soon as they are sent.
    /// </summary>
    internal static bool IsUnderWay(Socket socket)
    {
        if (!OperatingSystem.IsLinux() || socket.AddressFamily == AddressFamily.Unix)
        {
            return false;
        }

        Span<byte> info = stackalloc byte[NotSentOffset + sizeof(uint)];
        try
        {
            if (socket.GetRawSocketOption(IpProtoTcp, TcpInfo, info) < info.Length)
            {
                return false;
            }
        }
        catch (SocketException)
        {
            return false;
        }

        uint unacked = MemoryMarshal.Read<uint>(info[UnackedOffset..]);
        uint notSent = MemoryMarshal.Read<uint>(info[NotSentOffset..]);
        return info[0] != TcpClose && (unacked != 0 || notSent != 0);
    }
}
