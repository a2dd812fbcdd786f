using System.Buffers;
using System.Globalization;
using System.Text;

namespace ProxyCore.Diagnostics;

/// <summary>An access log for people: one line a connection, columns first; <c>-</c> is what is not known.</summary>
internal static class AccessLogText
{
    private const string Unknown = "-";
    private const double MillisecondsOfSecond = 1000;

    internal static void WriteLine(IBufferWriter<byte> writer, AccessLogFields fields) =>
        Encoding.UTF8.GetBytes($"{fields.Time} {Of(fields)}\n", writer);

    /// <summary>The line without the time.</summary>
    internal static string Of(AccessLogFields fields) => string.Create(
        CultureInfo.InvariantCulture,
        $"{fields.Id} {Column(fields.Route)} {Column(fields.Client)} {Column(fields.Upstream)} "
        + $"{fields.Reason} {fields.EndedBy}/{fields.Phase} "
        + $"attempts={fields.Attempts?.ToString(CultureInfo.InvariantCulture) ?? Unknown} "
        + $"up={fields.BytesToUpstream} down={fields.BytesToClient} "
        + $"connect={Time(fields.ConnectMilliseconds)} first={Time(fields.FirstByteMilliseconds)} "
        + $"duration={Time(fields.DurationMilliseconds)}");

    /// <summary>A name that has blanks in it must not look like two columns.</summary>
    private static string Column(string? text) => string.IsNullOrEmpty(text)
        ? Unknown
        : string.Concat(text.Select(static character => char.IsWhiteSpace(character) ? '_' : character));

    private static string Time(double? milliseconds) => milliseconds switch
    {
        null => Unknown,
        < MillisecondsOfSecond => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0##}ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / MillisecondsOfSecond:0.000}s"),
    };
}
