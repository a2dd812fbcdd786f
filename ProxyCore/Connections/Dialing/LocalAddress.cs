using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using ProxyCore.Platform;

namespace ProxyCore.Connections.Dialing;

/// <summary>The local address of a socket that <see cref="ConnectCall"/> has connected: .NET does not know it.</summary>
internal static partial class LocalAddress
{
    // sizeof(struct sockaddr_in6)
    private const int Largest = 28;

    /// <summary>The address as an IP address; null for other families, and when it can't be asked for. A system call.</summary>
    internal static IPEndPoint? Of(Socket socket)
    {
        if (!TargetSystem.IsLinux)
        {
            return socket.LocalEndPoint as IPEndPoint;
        }

        var address = new SocketAddress(socket.AddressFamily, Largest);
        bool isIP = socket.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6;
        return isIP && TryRead(socket, address.Buffer.Span, out int size) && size <= Largest
            ? (IPEndPoint)new IPEndPoint(IPAddress.IPv6Any, 0).Create(address)
            : null;
    }

    /// <summary>The same as the system has it: <paramref name="size"/> bytes of <paramref name="address"/>. Linux only.</summary>
    internal static bool TryRead(Socket socket, Span<byte> address, out int size)
    {
        size = address.Length;
        return GetLocalAddress(socket.SafeHandle, address, ref size) == 0;
    }

    [LibraryImport("libc", EntryPoint = "getsockname")]
    private static partial int GetLocalAddress(SafeHandle socket, Span<byte> address, ref int size);
}
