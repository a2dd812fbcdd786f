using System.Buffers.Binary;
using System.Net;

namespace ProxyCore.Settings;

/// <summary>An IP address as a number. IPv4-mapped addresses are IPv4 ones; the scope of an IPv6 address is left out.</summary>
/// <param name="IsIPv4">Whether the number has 32 bits; 128 otherwise.</param>
/// <param name="Value">The number, most significant byte first.</param>
internal readonly record struct AddressBits(bool IsIPv4, UInt128 Value)
{
    /// <summary>The bits of an IPv4 address.</summary>
    internal const int IPv4Bits = 32;

    /// <summary>The bits of an IPv6 address.</summary>
    internal const int IPv6Bits = 128;

    /// <summary>How many of the bits of an IPv4-mapped address come before those of the IPv4 address.</summary>
    internal const int MappedBits = IPv6Bits - IPv4Bits;

    // RFC 4291, 2.5.5.2: 80 bits of zero and 16 of one.
    private const uint Mapped = 0xFFFF;

    internal static AddressBits Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[IPv6Bits / 8];
        if (!address.TryWriteBytes(bytes, out int count) || count == IPv4Bits / 8)
        {
            return new AddressBits(IsIPv4: true, BinaryPrimitives.ReadUInt32BigEndian(bytes));
        }

        UInt128 value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return value >> IPv4Bits == Mapped
            ? new AddressBits(IsIPv4: true, (uint)value)
            : new AddressBits(IsIPv4: false, value);
    }

    internal IPAddress ToAddress()
    {
        Span<byte> bytes = stackalloc byte[IPv6Bits / 8];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return new IPAddress(IsIPv4 ? bytes[(MappedBits / 8)..] : bytes);
    }
}
