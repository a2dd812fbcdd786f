using System.Buffers.Binary;
using System.Text;

namespace ProxyCore.Tests.Preread.ProxyProtocol;

/// <summary>Puts headers together byte by byte, valid and invalid ones, without the code that is tested.</summary>
internal static class HeaderBytes
{
    internal const byte Local = 0x20;
    internal const byte Proxy = 0x21;

    /// <summary>192.0.2.1:56324 to 198.51.100.7:443.</summary>
    internal static byte[] Block4 { get; } = [192, 0, 2, 1, 198, 51, 100, 7, 0xDC, 0x04, 0x01, 0xBB];

    /// <summary>[2001:db8::1]:56324 to [2001:db8::2]:443.</summary>
    internal static byte[] Block6 { get; } =
    [
        .. Convert.FromHexString("20010DB8000000000000000000000001" + "20010DB8000000000000000000000002"),
        0xDC, 0x04, 0x01, 0xBB,
    ];

    internal static byte[] UnixBlock { get; } = [.. Padded("/run/client.sock"), .. Padded("/run/server.sock")];

    private static byte[] Signature { get; } = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    internal static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>The length is that of the body, unless another is given.</summary>
    internal static byte[] Version2(byte command, byte family, byte[] body, int? length = null)
    {
        byte[] size = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)(length ?? body.Length));
        return [.. Signature, command, family, .. size, .. body];
    }

    /// <summary>A header of a TCP connection over IPv4 with these TLVs.</summary>
    internal static byte[] WithTlvs(params byte[][] tlvs) =>
        Version2(Proxy, 0x11, [.. Block4, .. tlvs.SelectMany(static tlv => tlv)]);

    internal static byte[] Tlv(byte type, byte[] value, int? length = null)
    {
        int size = length ?? value.Length;
        return [type, (byte)(size >> 8), (byte)size, .. value];
    }

    internal static byte[] Tlv(byte type, string value) => Tlv(type, Text(value));

    internal static byte[] Ssl(byte client, uint verify, params byte[][] subs)
    {
        byte[] result = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(result, verify);
        return Tlv(0x20, [client, .. result, .. subs.SelectMany(static sub => sub)]);
    }

    /// <summary>The header with its checksum. The last TLV is an <see cref="EmptyChecksum"/> before.</summary>
    internal static byte[] Sealed(byte[] header)
    {
        byte[] copy = [.. header];
        BinaryPrimitives.WriteUInt32BigEndian(copy.AsSpan(^4), Castagnoli(header));
        return copy;
    }

    internal static byte[] EmptyChecksum() => Tlv(3, new byte[4]);

    /// <summary>CRC-32C bit by bit, as its definition says it.</summary>
    internal static uint Castagnoli(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82F63B78;
            }
        }

        return ~crc;
    }

    private static byte[] Padded(string path)
    {
        byte[] padded = new byte[108];
        Text(path).CopyTo(padded, 0);
        return padded;
    }
}
