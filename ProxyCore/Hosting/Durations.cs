using System.Globalization;
using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>A length of time on the command line and in configuration: a whole number and its unit, as in 500ms, 5s, 2m or 1h.</summary>
internal static class Durations
{
    // The longest first: Format takes the first that fits.
    private static readonly (string Name, TimeSpan Length)[] _units =
    [
        ("h", TimeSpan.FromHours(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    /// <exception cref="FormatException">It is no duration, or too long; the message says which.</exception>
    internal static TimeSpan Parse(string text)
    {
        string number = string.Concat(text.TakeWhile(char.IsAsciiDigit));
        (string? name, TimeSpan length) = Array.Find(_units, unit => unit.Name == text[number.Length..]);
        if (number.Length == 0 || name is null)
        {
            throw new FormatException($"'{text}' is no duration: write a whole number and its unit, as in 500ms, 5s, 2m or 1h");
        }

        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long count) || count > OptionLimits.Longest / length)
        {
            throw new FormatException($"'{text}' is too long: at most {Format(OptionLimits.Longest)}");
        }

        return length * count;
    }

    /// <summary>The same for what must be more than zero.</summary>
    /// <exception cref="FormatException">It is no duration, zero or too long; the message says which.</exception>
    internal static TimeSpan ParsePositive(string text)
    {
        TimeSpan duration = Parse(text);
        return duration > TimeSpan.Zero ? duration : throw new FormatException($"'{text}' is too short: more than zero is needed");
    }

    /// <summary>As one would write it: the longest unit that divides it.</summary>
    internal static string Format(TimeSpan duration)
    {
        (string name, TimeSpan length) = Array.Find(_units, unit => duration.Ticks % unit.Length.Ticks == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{duration / length:0}{name}");
    }
}
