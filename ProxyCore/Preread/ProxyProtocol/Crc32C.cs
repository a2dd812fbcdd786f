using System.Buffers.Binary;
using System.Numerics;

namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>The checksum of version 2: CRC-32 with the polynomial of Castagnoli, reflected, all ones before and after.</summary>
internal static class Crc32C
{
    /// <summary>The length of its value.</summary>
    internal const int Length = 4;

    internal static uint Compute(ReadOnlySpan<byte> bytes) => ~Append(uint.MaxValue, bytes);

    /// <summary>The checksum as if the value, which stands at an offset, were zeros: the sender computed it so.</summary>
    internal static uint ComputeWithout(ReadOnlySpan<byte> header, int offset)
    {
        ReadOnlySpan<byte> zeros = [0, 0, 0, 0];
        uint crc = Append(uint.MaxValue, header[..offset]);
        crc = Append(crc, zeros);
        return ~Append(crc, header[(offset + Length)..]);
    }

    private static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }
}
