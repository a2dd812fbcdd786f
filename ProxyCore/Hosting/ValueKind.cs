using System.Globalization;
using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>One kind of value in a configuration: how it is read, and how it is written.</summary>
/// <param name="Name">What the schema goes by.</param>
/// <param name="Parse">Reads it; throws a <see cref="FormatException"/> that says what is wrong.</param>
/// <param name="Format">Writes it as one would; null for none.</param>
internal sealed record ValueKind<T>(string Name, Func<string, T> Parse, Func<T, string?> Format)
{
    /// <summary>What values are allowed, if not all that can be read.</summary>
    internal Limits? Limits { get; private init; }

    internal ValueKind<T> Within(Limits limits) => this with { Limits = limits };
}

/// <summary>The kinds of values that there are.</summary>
internal static class ValueKinds
{
    /// <summary>What stands for null where the default is something else.</summary>
    internal const string Off = "off";

    private const string Dash = "-";

    internal static ValueKind<string> Text { get; } = new("text", static text => text, static text => text);

    /// <summary>A text whose characters each stand for a byte.</summary>
    internal static ValueKind<string> Bytes { get; } = Text with { Name = "bytes" };

    internal static ValueKind<string?> OptionalText { get; } = new("text", static text => text, static text => text);

    /// <summary>A file, or <c>-</c> for what null stands for.</summary>
    internal static ValueKind<string?> FileOrDash { get; } =
        new("text", static text => text == Dash ? null : text, static text => text);

    internal static ValueKind<AccessLogFormat> LineFormat { get; } = new(
        "line format",
        static text => ParseLineFormat(text),
        static format => format.ToString());

    internal static ValueKind<int> Whole { get; } = new("whole", ParseWhole, static number => Format(number));

    internal static ValueKind<int?> OptionalWhole { get; } =
        new("whole", static text => ParseWhole(text), static number => number is { } one ? Format(one) : null);

    internal static ValueKind<bool> Switch { get; } = new("switch", ParseSwitch, static isOn => isOn ? "true" : "false");

    internal static ValueKind<int> Size { get; } = new ValueKind<int>("size", ByteSizes.Parse, ByteSizes.Format).Within(OptionLimits.BufferSize);

    internal static ValueKind<long?> OptionalLargeSize { get; } = new ValueKind<long?>(
        "large size",
        static text => ByteSizes.ParseLarge(text),
        static bytes => bytes?.ToString(CultureInfo.InvariantCulture)).Within(OptionLimits.MaxPendingBytes);

    internal static ValueKind<TimeSpan> Duration { get; } = new("duration", Durations.Parse, Durations.Format);

    internal static ValueKind<TimeSpan?> DurationOrOff { get; } = new(
        "duration or off",
        static text => text.Equals(Off, StringComparison.OrdinalIgnoreCase) ? null : Durations.Parse(text),
        static time => time is { } one ? Durations.Format(one) : Off);

    private static int ParseWhole(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new FormatException($"'{text}' is no whole number");

    private static bool ParseSwitch(string text) =>
        bool.TryParse(text, out bool isOn) ? isOn : throw new FormatException($"'{text}' is neither true nor false");

    private static AccessLogFormat ParseLineFormat(string text)
    {
        foreach (AccessLogFormat format in Enum.GetValues<AccessLogFormat>())
        {
            if (text.Equals(format.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return format;
            }
        }

        throw new FormatException($"'{text}' is neither Text nor Json");
    }

    private static string Format(int number) => number.ToString(CultureInfo.InvariantCulture);
}
