using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ProxyCore.Access;

/// <summary>The prefix of an address that stands for a client. An IPv4 address equals its IPv4-mapped form.</summary>
/// <param name="High">The first eight bytes of the IPv6 form, in network order.</param>
/// <param name="Low">The last eight bytes.</param>
internal readonly record struct ClientKey(ulong High, ulong Low)
{
    // ::ffff:0:0/96, RFC 4291, section 2.5.5.2.
    private const ulong MappedPrefix = 0xFFFF_0000_0000;
    private const int MappedAddressOffset = 12;
    private const int AddressSize = 16;
    private const int HalfBits = 64;

    /// <summary>The client that has <paramref name="address"/>. Prefix lengths are in bits. Allocates nothing.</summary>
    internal static ClientKey Of(IPAddress address, int prefix4, int prefix6)
    {
        Span<byte> bytes = stackalloc byte[AddressSize];
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return OfIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), prefix4);
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return OfIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[MappedAddressOffset..]), prefix4);
        }

        return new ClientKey(
            BinaryPrimitives.ReadUInt64BigEndian(bytes) & Mask(prefix6),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(ulong)..]) & Mask(prefix6 - HalfBits));
    }

    /// <summary>A hash that clients can't predict.</summary>
    /// <remarks>
    /// Clients choose their addresses, so they could choose ones that collide. Strings have a keyed hash (Marvin) in .NET,
    /// numbers have not, so the bytes are hashed as characters.
    /// </remarks>
    internal int Hash()
    {
        ReadOnlySpan<ulong> halves = [High, Low];
        return string.GetHashCode(MemoryMarshal.Cast<ulong, char>(halves));
    }

    private static ClientKey OfIPv4(uint address, int prefix) =>
        new(0, MappedPrefix | (address & (uint)(Mask(prefix) >> 32)));

    /// <summary>The first bits of 64; a length beyond either end counts as that end.</summary>
    private static ulong Mask(int length) => length <= 0 ? 0 : ulong.MaxValue << (HalfBits - Math.Min(length, HalfBits));
}
