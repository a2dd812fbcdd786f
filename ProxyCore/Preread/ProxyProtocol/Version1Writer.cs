using System.Buffers.Binary;
using System.Globalization;

namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>Writes version 1: one line of text.</summary>
internal ref struct Version1Writer
{
    private readonly Span<byte> _destination;
    private int _length;

    private Version1Writer(Span<byte> destination) => _destination = destination;

    internal static int Write(Span<byte> destination, in ProxyHeaderContent content)
    {
        var writer = new Version1Writer(destination);
        if (AddressBlock.Of(content) is AddressBlock addresses)
        {
            writer.WriteAddresses(addresses);
        }
        else
        {
            writer.Append("PROXY UNKNOWN\r\n"u8);
        }

        return writer._length;
    }

    private void WriteAddresses(in AddressBlock addresses)
    {
        Span<byte> buffer = stackalloc byte[Wire.Address6Length];
        Append(addresses.IsIPv6 ? "PROXY TCP6 "u8 : "PROXY TCP4 "u8);
        AppendAddress(addresses.SourceBytes(buffer));
        Append(" "u8);
        AppendAddress(addresses.DestinationBytes(buffer));
        Append(" "u8);
        AppendNumber(addresses.SourcePort);
        Append(" "u8);
        AppendNumber(addresses.DestinationPort);
        Append("\r\n"u8);
    }

    private void AppendAddress(scoped ReadOnlySpan<byte> address)
    {
        if (address.Length == Wire.Address6Length)
        {
            AppendIPv6(address);
            return;
        }

        for (int i = 0; i < address.Length; i++)
        {
            Append(i == 0 ? ""u8 : "."u8);
            AppendNumber(address[i]);
        }
    }

    /// <summary>
    /// As RFC 5952 has it, in groups only: IPAddress would write the end of some addresses as IPv4, and a scope, and the
    /// line allows neither.
    /// </summary>
    private void AppendIPv6(scoped ReadOnlySpan<byte> address)
    {
        (int start, int end) = LongestZeros(address);
        for (int group = 0; group < 8; group++)
        {
            if (group == start)
            {
                Append("::"u8);
                group = end - 1;
                continue;
            }

            Append(group == 0 || group == end ? ""u8 : ":"u8);
            GroupAt(address, group).TryFormat(_destination[_length..], out int count, "x", CultureInfo.InvariantCulture);
            _length += count;
        }
    }

    /// <summary>The longest run of two or more groups of zeros, the first of equal ones; (-1, -1) if there is none.</summary>
    private static (int Start, int End) LongestZeros(ReadOnlySpan<byte> address)
    {
        (int Start, int End) longest = (-1, -1);
        int start = 0;
        for (int group = 0; group < 8; group++)
        {
            if (GroupAt(address, group) != 0)
            {
                start = group + 1;
            }
            else if (group + 1 - start > Math.Max(1, longest.End - longest.Start))
            {
                longest = (start, group + 1);
            }
        }

        return longest;
    }

    private static ushort GroupAt(ReadOnlySpan<byte> address, int group) =>
        BinaryPrimitives.ReadUInt16BigEndian(address[(2 * group)..]);

    private void AppendNumber(int number)
    {
        number.TryFormat(_destination[_length..], out int count, default, CultureInfo.InvariantCulture);
        _length += count;
    }

    private void Append(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(_destination[_length..]);
        _length += text.Length;
    }
}
