using System.Globalization;
using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>
/// A length of time on the command line and in configuration: a whole number and its unit, as in 500ms, 5s, 2m or 1h, or
/// what .NET writes, as in 00:00:05 or 1.02:03:04.
/// </summary>
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

    // TimeSpan.Parse takes more, some of it a trap: "5" is five days, "1:2" is one hour and two minutes.
    private static readonly string[] _dotnetForms =
        [@"hh\:mm\:ss", @"hh\:mm\:ss\.FFFFFFF", @"d\.hh\:mm\:ss", @"d\.hh\:mm\:ss\.FFFFFFF"];

    /// <exception cref="FormatException">It is no duration, or too long; the message says which.</exception>
    internal static TimeSpan Parse(string text) => text.Contains(':') ? ParseTimeSpan(text) : ParseUnits(text);

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
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        (string? name, TimeSpan length) = Array.Find(_units, unit => duration.Ticks % unit.Length.Ticks == 0);
        return name is null
            ? duration.ToString("c", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{duration / length:0}{name}");
    }

    private static TimeSpan ParseUnits(string text)
    {
        string number = string.Concat(text.TakeWhile(char.IsAsciiDigit));
        (string? name, TimeSpan length) = Array.Find(_units, unit => unit.Name == text[number.Length..]);
        if (number.Length == 0 || name is null)
        {
            throw NoDuration(text);
        }

        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count <= OptionLimits.Longest / length
            ? length * count
            : throw TooLong(text);
    }

    private static TimeSpan ParseTimeSpan(string text)
    {
        if (text.EndsWith('.') || !TimeSpan.TryParseExact(text, _dotnetForms, CultureInfo.InvariantCulture, out TimeSpan duration))
        {
            throw NoDuration(text);
        }

        return duration <= OptionLimits.Longest ? duration : throw TooLong(text);
    }

    private static FormatException NoDuration(string text) =>
        new($"'{text}' is no duration: write a whole number and its unit, as in 500ms, 5s, 2m or 1h");

    private static FormatException TooLong(string text) => new($"'{text}' is too long: at most {Format(OptionLimits.Longest)}");
}
