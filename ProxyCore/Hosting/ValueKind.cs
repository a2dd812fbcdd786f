using System.Globalization;
using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>One kind of value in a configuration: how it is read, and how it is written.</summary>
/// <param name="Name">What the schema goes by.</param>
/// <param name="Parse">Reads it; throws a <see cref="FormatException"/> that says what is wrong.</param>
/// <param name="Format">Writes it as one would; null for none.</param>
internal sealed record ValueKind<T>(string Name, Func<string, T> Parse, Func<T, string?> Format)
{
    /// <summary>Whether it is written as a string in JSON, and neither as a number nor as a boolean.</summary>
    internal bool IsText { get; init; }

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

    /// <summary>The name of a balancing policy; which ones there are is checked with the options.</summary>
    internal static ValueKind<string> Balancing { get; } = new("balancing", static text => text, static text => text);

    /// <summary>A text whose characters each stand for a byte.</summary>
    internal static ValueKind<string> Bytes { get; } = new("bytes", static text => text, static text => text) { IsText = true };

    internal static ValueKind<string?> OptionalText { get; } = new("text", static text => text, static text => text) { IsText = true };

    /// <summary>An endpoint to listen on; a port may be written as a number. It is checked with the options.</summary>
    internal static ValueKind<string> ListenEndpoint { get; } = new("listen endpoint", static text => text, static text => Name(text));

    /// <summary>The same as the short form of an object.</summary>
    internal static ValueKind<ListenOptions> ListenText { get; } =
        new(ListenEndpoint.Name, static text => new ListenOptions(text), static listen => listen.Address);

    /// <summary>An endpoint to connect to; a port may be written as a number. It is checked with the options.</summary>
    internal static ValueKind<string> UpstreamEndpoint { get; } = ListenEndpoint with { Name = "upstream endpoint" };

    /// <summary>A file, or <c>-</c> for what null stands for.</summary>
    internal static ValueKind<string?> FileOrDash { get; } =
        new("path", static text => text == Dash ? null : text, static text => text) { IsText = true };

    internal static ValueKind<AccessLogFormat> LineFormat { get; } = new(
        "line format",
        static text => ParseName<AccessLogFormat>(text) ?? throw new FormatException($"'{text}' is neither Text nor Json"),
        static format => format.ToString());

    internal static ValueKind<LimitAction> ExceededAction { get; } = new(
        "limit action",
        static text => ParseName<LimitAction>(text) ?? throw new FormatException($"'{text}' is none of Reset, Close, Wait, LogOnly"),
        static action => action.ToString());

    internal static ValueKind<ConnectionRate?> OptionalRate { get; } = new ValueKind<ConnectionRate?>(
        "rate", static text => ConnectionRate.Parse(text), static rate => rate?.ToString()) { IsText = true }.Within(OptionLimits.RateOfConnections);

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
        !text.StartsWith('+') && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new FormatException($"'{text}' is no whole number");

    private static bool ParseSwitch(string text) =>
        text.Equals("true", StringComparison.OrdinalIgnoreCase)
        || (text.Equals("false", StringComparison.OrdinalIgnoreCase)
            ? false
            : throw new FormatException($"'{text}' is neither true nor false"));

    /// <summary>A name of an enumeration, in any case; null when it has none like that.</summary>
    private static T? ParseName<T>(string text)
        where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
        {
            if (text.Equals(value.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    private static string? Name(string text) => text.Length > 0 ? text : null;

    private static string Format(int number) => number.ToString(CultureInfo.InvariantCulture);
}
