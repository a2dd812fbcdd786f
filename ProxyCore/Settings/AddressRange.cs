using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ProxyCore.Diagnostics;

namespace ProxyCore.Settings;

/// <summary>The addresses that begin with the same bits: one address, or a network in CIDR notation (RFC 4632).</summary>
/// <remarks>
/// IPv4-mapped addresses and ranges are IPv4 ones, so <c>::ffff:10.0.0.0/104</c> is <c>10.0.0.0/8</c>, and an IPv6 range such
/// as <c>::/0</c> has no IPv4 address in it.
/// </remarks>
internal readonly record struct AddressRange
{
    private AddressRange(AddressBits first, int prefix)
    {
        First = first;
        Prefix = prefix;
    }

    /// <summary>The lowest address.</summary>
    internal AddressBits First { get; }

    /// <summary>How many bits all addresses have in common.</summary>
    internal int Prefix { get; }

    /// <summary>The highest address, in the family of <see cref="First"/>.</summary>
    internal UInt128 Last => First.Value | HostMask(Prefix, Width(First));

    /// <summary>Reads an address or a CIDR.</summary>
    /// <param name="text">Such as <c>10.0.0.0/8</c> or <c>2001:db8::1</c>.</param>
    /// <param name="range">The range.</param>
    /// <param name="cause">What is wrong with the text, for a message; null if nothing is.</param>
    internal static bool TryParse(ReadOnlySpan<char> text, out AddressRange range, [NotNullWhen(false)] out string? cause)
    {
        range = default;
        int slash = text.IndexOf('/');
        if (!StrictAddress.TryParse(slash < 0 ? text : text[..slash], out IPAddress? address))
        {
            cause = text.Contains(':')
                ? $"'{Printable.Shorten(text.ToString())}' has no valid IPv6 address"
                : $"'{Printable.Shorten(text.ToString())}' is neither an address, such as 10.0.0.1, nor a range, such as 10.0.0.0/8";
            return false;
        }

        // The width is the one of the text: a mapped address may be written with a prefix up to 128.
        int width = address.AddressFamily == AddressFamily.InterNetwork ? AddressBits.IPv4Bits : AddressBits.IPv6Bits;
        int prefix = width;
        if (slash >= 0 && !TryParsePrefix(text[(slash + 1)..], width, out prefix))
        {
            cause = $"'{Printable.Shorten(text.ToString())}' must have a whole number from 0 to {width} after the slash";
            return false;
        }

        cause = TryCreate(address, prefix, width, out range) ? null
            : $"'{text}' has bits set after the first {prefix}: write {range}, or the address alone";
        return cause is null;
    }

    /// <summary>Whether an address is in the range.</summary>
    internal bool Contains(IPAddress address)
    {
        var bits = AddressBits.Of(address);
        return bits.IsIPv4 == First.IsIPv4 && bits.Value >= First.Value && bits.Value <= Last;
    }

    /// <summary>The range as one writes it; an address alone without a prefix.</summary>
    public override string ToString() =>
        Prefix == Width(First) ? $"{First.ToAddress()}" : string.Create(CultureInfo.InvariantCulture, $"{First.ToAddress()}/{Prefix}");

    /// <summary>Makes the range; false when bits are set behind the prefix: then it is the one that has them cleared.</summary>
    private static bool TryCreate(IPAddress address, int prefix, int width, out AddressRange range)
    {
        var bits = AddressBits.Of(address);
        if (bits.IsIPv4 && width == AddressBits.IPv6Bits)
        {
            if (prefix < AddressBits.MappedBits)
            {
                // The cleared address is no mapped one any more.
                var whole = BinaryPrimitives.ReadUInt128BigEndian(address.GetAddressBytes());
                range = new AddressRange(new AddressBits(IsIPv4: false, whole & ~HostMask(prefix, width)), prefix);
                return false;
            }

            prefix -= AddressBits.MappedBits;
        }

        UInt128 host = HostMask(prefix, Width(bits));
        range = new AddressRange(bits with { Value = bits.Value & ~host }, prefix);
        return (bits.Value & host) == 0;
    }

    /// <summary>Decimal digits without a zero ahead.</summary>
    private static bool TryParsePrefix(ReadOnlySpan<char> text, int most, out int prefix) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out prefix) && prefix <= most
        && (text[0] != '0' || text.Length == 1);

    private static int Width(AddressBits bits) => bits.IsIPv4 ? AddressBits.IPv4Bits : AddressBits.IPv6Bits;

    // A shift by all 128 bits would be one by none.
    private static UInt128 HostMask(int prefix, int width) =>
        prefix == 0 && width == AddressBits.IPv6Bits ? UInt128.MaxValue : (UInt128.One << (width - prefix)) - 1;
}
