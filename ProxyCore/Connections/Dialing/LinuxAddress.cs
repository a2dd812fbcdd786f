using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ProxyCore.Connections.Dialing;

/// <summary>An address as Linux takes it.</summary>
/// <remarks>
/// <see cref="EndPoint.Serialize"/> makes two objects, a fourteenth of what a short connection allocates: so addresses of TCP are
/// written here, as include/uapi/linux/in.h and in6.h have them.
/// </remarks>
internal static class LinuxAddress
{
    /// <summary>The bytes of the largest address of TCP, sizeof(struct sockaddr_in6).</summary>
    internal const int LargestSize = 28;

    private const int SizeOfIPv4 = 16;
    private const ushort InterNetwork = 2;
    private const ushort InterNetworkV6 = 10;

    /// <summary>
    /// Writes <paramref name="address"/> into <paramref name="buffer"/>, which holds <see cref="LargestSize"/> zeros, if it is one of
    /// TCP; returns its bytes.
    /// </summary>
    internal static ReadOnlySpan<byte> Write(EndPoint address, Span<byte> buffer)
    {
        if (address is not IPEndPoint { Address: var ip, Port: var port })
        {
            SocketAddress serialized = address.Serialize();
            return serialized.Buffer.Span[..serialized.Size];
        }

        bool isIPv6 = ip.AddressFamily == AddressFamily.InterNetworkV6;
        MemoryMarshal.Write(buffer, isIPv6 ? InterNetworkV6 : InterNetwork);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], (ushort)port);
        if (!isIPv6)
        {
            ip.TryWriteBytes(buffer[4..], out _);
            return buffer[..SizeOfIPv4];
        }

        ip.TryWriteBytes(buffer[8..], out _);
        MemoryMarshal.Write(buffer[24..], (uint)ip.ScopeId);
        return buffer[..LargestSize];
    }
}
