using System.Net.Sockets;
using System.Runtime.InteropServices;
using ProxyCore.Platform;

namespace ProxyCore.Connections.Dialing;

/// <summary>The packet that only acknowledges the upstream's SYN, and that the first bytes make needless.</summary>
/// <remarks>
/// TCP_QUICKACK off before the connect makes Linux keep the acknowledgement back for the first bytes
/// (tcp_rcv_synsent_state_process in net/ipv4/tcp_input.c), as HAProxy's tcp-smart-connect does: a packet less, of some
/// twenty, for each connection. The upstream sees the connection when that packet comes. So it must be sent at once
/// where there are no bytes: the kernel alone would wait for 200 ms, and an upstream may be the one that speaks first.
/// </remarks>
internal static class ConnectAck
{
    // include/uapi/linux/tcp.h
    private const int TcpLevel = 6;
    private const int QuickAck = 12;

    /// <summary>Keeps the packet back; <paramref name="socket"/> is about to connect.</summary>
    internal static void Delay(Socket socket) => Set(socket, 0);

    /// <summary>Sends the packet, unless bytes have made it needless. <paramref name="socket"/> is connected.</summary>
    internal static void SendNow(Socket socket) => Set(socket, 1);

    private static void Set(Socket socket, int value)
    {
        if (!TargetSystem.IsLinux || socket.AddressFamily == AddressFamily.Unix)
        {
            return;
        }

        try
        {
            socket.SetRawSocketOption(TcpLevel, QuickAck, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)));
        }
        catch (SocketException)
        {
            // A socket that can't be set is one that can't connect, or that has failed: the next call tells.
        }
    }
}
