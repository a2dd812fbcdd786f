using System.Net.Sockets;
using System.Runtime.InteropServices;
using ProxyCore.Platform;

namespace ProxyCore.Relay;

/// <summary>What a peer has done behind bytes that are still unread.</summary>
[Flags]
internal enum PeerSigns
{
    /// <summary>Nothing, or nothing that the system can tell.</summary>
    None = 0,

    /// <summary>It has finished sending: its FIN has arrived.</summary>
    Ended = 1,

    /// <summary>It has reset the connection, or can't be reached any more.</summary>
    Failed = 2,
}

/// <summary>Asks the kernel what a peer has done without reading from it. On Linux; elsewhere the answer is always none.</summary>
internal static partial class PeerState
{
    // include/uapi/asm-generic/poll.h
    private const short Error = 0x8;
    private const short ReadHangUp = 0x2000;

    internal static unsafe PeerSigns Look(Socket socket)
    {
        if (!TargetSystem.IsLinux)
        {
            return PeerSigns.None;
        }

        var entry = new Entry { Descriptor = (int)socket.SafeHandle.DangerousGetHandle(), Events = ReadHangUp };
        if (Poll(&entry, 1, timeout: 0) <= 0)
        {
            return PeerSigns.None;
        }

        return ((entry.Returned & ReadHangUp) != 0 ? PeerSigns.Ended : PeerSigns.None)
            | ((entry.Returned & Error) != 0 ? PeerSigns.Failed : PeerSigns.None);
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static unsafe partial int Poll(Entry* entries, nuint count, int timeout);

    private struct Entry
    {
        internal int Descriptor;
        internal short Events;
        internal short Returned;
    }
}
