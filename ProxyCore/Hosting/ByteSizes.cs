using System.Globalization;
using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>A number of bytes on the command line and in configuration, as in 65536, 64k or 1m.</summary>
internal static class ByteSizes
{
    private const int Kilo = 1024;
    private const int Mega = 1024 * 1024;

    /// <exception cref="FormatException">It is no size, or out of bounds; the message says which.</exception>
    internal static int Parse(string text) => Parse(text, OptionLimits.BufferSize);

    /// <exception cref="FormatException">It is no size, or out of <paramref name="limits"/>; the message says which.</exception>
    internal static int Parse(string text, CountLimits limits)
    {
        int unit = text.Length == 0 ? 1 : text[^1] switch
        {
            'k' or 'K' => Kilo,
            'm' or 'M' => Mega,
            _ => 1,
        };
        string number = unit == 1 ? text : text[..^1];
        if (number.Length == 0 || !number.All(char.IsAsciiDigit))
        {
            throw new FormatException($"'{text}' is no size: write a number of bytes, as in 65536, 64k or 1m");
        }

        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            || count > int.MaxValue / unit || !limits.Allow((int)count * unit))
        {
            throw new FormatException($"'{text}' is out of bounds: from {Format(limits.Least)} to {Format(limits.Most)}");
        }

        return (int)count * unit;
    }

    /// <summary>The same for numbers of bytes that may be large, as in 512m or 2g.</summary>
    /// <exception cref="FormatException">It is no size, or has too many digits; the message says which.</exception>
    internal static long ParseLarge(string text)
    {
        int thousands = text.Length == 0 ? 0 : text[^1] switch
        {
            'k' or 'K' => 1,
            'm' or 'M' => 2,
            'g' or 'G' => 3,
            _ => 0,
        };
        string number = thousands == 0 ? text : text[..^1];
        if (number.Length == 0 || !number.All(char.IsAsciiDigit))
        {
            throw new FormatException($"'{text}' is no size: write a number of bytes, as in 64m or 2g");
        }

        string digits = number.TrimStart('0');
        int most = OptionLimits.MaxPendingBytes.Digits - (3 * thousands);
        return digits.Length > most
            ? throw new FormatException($"'{text}' is out of bounds: it has more than {most} digits")
            : (digits.Length == 0 ? 0 : long.Parse(digits, CultureInfo.InvariantCulture)) << (10 * thousands);
    }

    /// <summary>As one would write it: the largest unit that divides it.</summary>
    internal static string Format(int bytes)
    {
        (int unit, string name) = bytes switch
        {
            0 => (1, ""),
            _ when bytes % Mega == 0 => (Mega, "m"),
            _ when bytes % Kilo == 0 => (Kilo, "k"),
            _ => (1, ""),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / unit}{name}");
    }
}
