using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace ProxyCore.Settings;

/// <summary>Reads IP addresses as they are written by people and in PROXY headers, and nothing else.</summary>
/// <remarks>
/// <see cref="IPAddress.TryParse(string?, out IPAddress?)"/> takes more: <c>010.0.0.1</c> as octal, <c>1</c>, <c>0x7f.1</c>,
/// <c>[::1]</c> and scopes. What one program reads as one address and another as a different one is a way around lists.
/// </remarks>
internal static class StrictAddress
{
    private const int Groups = 8;
    private const int MostDigits = 4;

    /// <summary>An address of either family.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out IPAddress? address) =>
        TryParseV4(text, out address) || TryParseV6(text, out address);

    /// <summary>The same for characters.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        // The longest address has 45 characters.
        Span<byte> bytes = stackalloc byte[64];
        address = null;
        return System.Text.Encoding.ASCII.TryGetBytes(text, bytes, out int count)
            && !text.ContainsAnyExceptInRange('\0', '\x7F')
            && TryParse(bytes[..count], out address);
    }

    /// <summary>Four decimal numbers from 0 to 255, without zeros ahead.</summary>
    internal static bool TryParseV4(ReadOnlySpan<byte> text, [NotNullWhen(true)] out IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[4];
        address = TryReadV4(text, bytes) ? new IPAddress(bytes) : null;
        return address is not null;
    }

    /// <summary>
    /// Eight groups of one to four hexadecimal digits; <c>::</c>, once, stands for one or more of zero. The last two groups may
    /// be written as IPv4.
    /// </summary>
    internal static bool TryParseV6(ReadOnlySpan<byte> text, [NotNullWhen(true)] out IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[2 * Groups];
        address = TryReadV6(text, bytes) ? new IPAddress(bytes) : null;
        return address is not null;
    }

    /// <summary>Whether <see cref="TryParseV4"/> reads the text. Allocates nothing.</summary>
    internal static bool IsV4(ReadOnlySpan<byte> text)
    {
        Span<byte> bytes = stackalloc byte[4];
        return TryReadV4(text, bytes);
    }

    /// <summary>Whether <see cref="TryParseV6"/> reads the text. Allocates nothing.</summary>
    internal static bool IsV6(ReadOnlySpan<byte> text)
    {
        Span<byte> bytes = stackalloc byte[2 * Groups];
        return TryReadV6(text, bytes);
    }

    private static bool TryReadV4(ReadOnlySpan<byte> text, Span<byte> bytes)
    {
        int index = 0;
        foreach (Range range in text.Split((byte)'.'))
        {
            ReadOnlySpan<byte> number = text[range];
            if (index == bytes.Length || number.Length is 0 or > 3 || (number[0] == '0' && number.Length > 1)
                || number.ContainsAnyExceptInRange((byte)'0', (byte)'9')
                || !byte.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out bytes[index++]))
            {
                return false;
            }
        }

        return index == bytes.Length;
    }

    private static bool TryReadV6(ReadOnlySpan<byte> text, Span<byte> bytes)
    {
        int gap = text.IndexOf("::"u8);
        if (gap < 0)
        {
            return TryReadGroups(text, bytes, out int all) && all == Groups;
        }

        Span<byte> tail = stackalloc byte[2 * Groups];
        ReadOnlySpan<byte> behind = text[(gap + 2)..];
        bytes.Clear();
        if (!TryReadGroups(text[..gap], bytes, out int before) || !TryReadGroups(behind, tail, out int after)
            || before + after >= Groups || text[..gap].Contains((byte)'.'))
        {
            return false;
        }

        tail[..(2 * after)].CopyTo(bytes[(2 * (Groups - after))..]);
        return true;
    }

    /// <summary>Reads groups, of which there may be none.</summary>
    private static bool TryReadGroups(ReadOnlySpan<byte> text, Span<byte> bytes, out int count)
    {
        count = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        while (true)
        {
            int colon = text.IndexOf((byte)':');
            ReadOnlySpan<byte> group = colon < 0 ? text : text[..colon];
            if (colon < 0 && group.Contains((byte)'.'))
            {
                bool fits = count <= Groups - 2 && TryReadV4(group, bytes.Slice(2 * count, 4));
                count += 2;
                return fits;
            }

            if (count == Groups || !TryReadGroup(group, bytes[(2 * count)..]))
            {
                return false;
            }

            count++;
            if (colon < 0)
            {
                return true;
            }

            text = text[(colon + 1)..];
        }
    }

    private static bool TryReadGroup(ReadOnlySpan<byte> group, Span<byte> bytes)
    {
        int value = 0;
        if (group.Length is 0 or > MostDigits)
        {
            return false;
        }

        foreach (byte digit in group)
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }

            value = (value << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return true;
    }
}
