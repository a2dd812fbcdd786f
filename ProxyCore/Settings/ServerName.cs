using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ProxyCore.Settings;

/// <summary>
/// The one spelling of a server name that everything compares: lower case, without the dot at the end. Clients spell the same
/// name in several ways: openssl and psql send what the user wrote, browsers lower-case it but keep the dot.
/// </summary>
internal static class ServerName
{
    /// <summary>What a pattern begins with that stands for every name below another.</summary>
    internal const string WildcardPrefix = "*.";

    private const int MaxLength = 253;
    private const int MaxLabel = 63;
    private const int AddressLabels = 4;

    /// <summary>Brings a name that a client has sent into the normal form.</summary>
    /// <param name="name">The name as received.</param>
    /// <param name="normal">
    /// The normal form. Null for an IPv4 address: clients must not send one (RFC 6066, section 3), but some do, and mean the
    /// host that they have connected to.
    /// </param>
    /// <returns>Whether it may be the name of a host, or is an IPv4 address.</returns>
    internal static bool TryNormalize(ReadOnlySpan<byte> name, out string? normal)
    {
        normal = null;
        name = WithoutDot(name);
        if (FindFault(name) is not null)
        {
            return false;
        }

        if (!IsAddress(name))
        {
            normal = Encoding.ASCII.GetString(name).ToLowerInvariant();
        }

        return true;
    }

    /// <summary>Reads a name of the configuration: <c>a.example</c>, or <c>*.b.example</c> for every name below it.</summary>
    /// <param name="text">The name as configured; letters beyond ASCII are converted (IDN).</param>
    /// <param name="pattern">The normal form; null if it is not a name.</param>
    /// <param name="cause">Why it is not a name, as the end of a sentence; null if it is one.</param>
    internal static bool TryReadPattern(
        string? text, [NotNullWhen(true)] out string? pattern, [NotNullWhen(false)] out string? cause)
    {
        pattern = null;
        string name = text ?? "";
        bool wildcard = name.StartsWith(WildcardPrefix, StringComparison.Ordinal);
        if (wildcard)
        {
            name = name[WildcardPrefix.Length..];
        }

        cause = FindFault(ref name);
        if (cause is null)
        {
            pattern = wildcard ? WildcardPrefix + name : name;
        }

        return cause is null;
    }

    /// <summary>Reads the name of one host, as <see cref="TryReadPattern"/> does: no wildcard, and no address.</summary>
    /// <param name="text">The name as configured.</param>
    /// <param name="name">The normal form; null if it is not a name.</param>
    /// <param name="cause">Why it is not a name, as the end of a sentence; null if it is one.</param>
    internal static bool TryReadHost(
        string? text, [NotNullWhen(true)] out string? name, [NotNullWhen(false)] out string? cause)
    {
        name = null;
        cause = text switch
        {
            _ when StrictAddress.TryParse(text, out _) => "it is an IP address",
            _ when text?.StartsWith(WildcardPrefix, StringComparison.Ordinal) is true => "it is a wildcard, which stands for many",
            _ => null,
        };
        return cause is null && TryReadPattern(text, out name, out cause);
    }

    /// <summary>Brings a configured name without its wildcard into the normal form, or says why that is impossible.</summary>
    private static string? FindFault(ref string name)
    {
        if (name.Contains('*', StringComparison.Ordinal))
        {
            return "a * must be the whole first label, with a name after it";
        }

        if (!TryConvert(name, out byte[] ascii))
        {
            return "it cannot be converted to ASCII (IDN); write it in its form with xn--";
        }

        ReadOnlySpan<byte> trimmed = WithoutDot(ascii);
        if (FindFault(trimmed) is string fault)
        {
            return fault;
        }

        if (IsAddress(trimmed))
        {
            return "it is an IP address, and clients send only names";
        }

        name = Encoding.ASCII.GetString(trimmed).ToLowerInvariant();
        return null;
    }

    private static bool TryConvert(string name, out byte[] ascii)
    {
        ascii = [];
        if (Ascii.IsValid(name))
        {
            // IdnMapping refuses empty and long labels too, with a cause that says less.
            ascii = Encoding.ASCII.GetBytes(name);
            return true;
        }

        if (!CanBeConverted(name))
        {
            return false;
        }

        try
        {
            // Without ICU, IdnMapping leaves out the mapping to lower case that IDNA has.
            ascii = Encoding.ASCII.GetBytes(new IdnMapping().GetAscii(name.ToLowerInvariant()));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether its characters beyond ASCII may be in a name. Accents apart from their letters, and letters in other widths,
    /// are refused: without ICU .NET does not normalize them, and the result would be another name than that of the client.
    /// </summary>
    private static bool CanBeConverted(string name)
    {
        foreach (Rune rune in name.EnumerateRunes())
        {
            bool mark = Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
            if (!rune.IsAscii && (IsVariant(rune) || !(mark || Rune.IsLetterOrDigit(rune))))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsVariant(Rune rune) => rune.Value is (>= 0x0300 and <= 0x036F) or (>= 0xF900 and <= 0xFFEF);

    private static ReadOnlySpan<byte> WithoutDot(ReadOnlySpan<byte> name) => name is [.., (byte)'.'] ? name[..^1] : name;

    private static string? FindFault(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > MaxLength)
        {
            return name.IsEmpty ? "it is empty" : "it is longer than 253 characters";
        }

        int start = 0;
        for (int at = 0; at <= name.Length; at++)
        {
            if (at < name.Length && name[at] != '.')
            {
                if (!IsAllowed(name[at]))
                {
                    return "only letters, digits, -, _ and the dots between labels are allowed";
                }
            }
            else if (at == start || at - start > MaxLabel)
            {
                return at == start ? "a label is empty" : "a label is longer than 63 characters";
            }
            else
            {
                start = at + 1;
            }
        }

        return null;
    }

    private static bool IsAllowed(byte value) => char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'_';

    /// <summary>Whether a valid name is an IPv4 address: four numbers up to 255.</summary>
    private static bool IsAddress(ReadOnlySpan<byte> name)
    {
        int labels = 0;
        foreach (Range label in name.Split((byte)'.'))
        {
            labels++;
            if (labels > AddressLabels || !byte.TryParse(name[label], NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                return false;
            }
        }

        return labels == AddressLabels;
    }
}
