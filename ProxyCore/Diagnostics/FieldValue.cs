using System.Globalization;
using System.Text.Json;

namespace ProxyCore.Diagnostics;

/// <summary>The value of a field of a connection: a text, a number or a time, or not known.</summary>
internal readonly struct FieldValue
{
    private const string Unknown = "-";
    private const double MillisecondsOfSecond = 1000;

    private readonly Kind _kind;
    private readonly string? _text;
    private readonly double _milliseconds;
    private readonly long _number;

    private FieldValue(Kind kind, string? text = null, long number = 0, double milliseconds = 0)
    {
        _kind = kind;
        _text = text;
        _number = number;
        _milliseconds = milliseconds;
    }

    private enum Kind
    {
        Unknown,
        Text,
        Number,
        Milliseconds,
    }

    /// <summary>A user's or a client's text, made safe to be shown.</summary>
    internal static FieldValue Untrusted(string? text) => Of(text is null ? null : Printable.Shorten(text));

    /// <summary>A text of the proxy's own.</summary>
    internal static FieldValue Of(string? text) => text is null ? default : new(Kind.Text, text: text);

    internal static FieldValue Of(long? number) => number is { } one ? new(Kind.Number, number: one) : default;

    internal static FieldValue Of(TimeSpan? time) =>
        time is { } one ? new(Kind.Milliseconds, milliseconds: Math.Round(one.TotalMilliseconds, 3)) : default;

    /// <summary>As loggers and traces take it; null is not known.</summary>
    internal object? ToObject() => _kind switch
    {
        Kind.Text => _text,
        Kind.Number => _number,
        Kind.Milliseconds => _milliseconds,
        _ => null,
    };

    /// <summary>As a column of a line: without blanks, <c>-</c> when it is not known.</summary>
    internal string ToColumn() => _kind switch
    {
        Kind.Text => ColumnOf(_text!),
        Kind.Number => _number.ToString(CultureInfo.InvariantCulture),
        Kind.Milliseconds when _milliseconds < MillisecondsOfSecond => string.Create(CultureInfo.InvariantCulture, $"{_milliseconds:0.0##}ms"),
        Kind.Milliseconds => string.Create(CultureInfo.InvariantCulture, $"{_milliseconds / MillisecondsOfSecond:0.000}s"),
        _ => Unknown,
    };

    internal void WriteTo(Utf8JsonWriter json, string name)
    {
        switch (_kind)
        {
            case Kind.Text:
                json.WriteString(name, _text);
                break;
            case Kind.Number:
                json.WriteNumber(name, _number);
                break;
            case Kind.Milliseconds:
                json.WriteNumber(name, _milliseconds);
                break;
            default:
                json.WriteNull(name);
                break;
        }
    }

    /// <summary>A name that has blanks in it must not look like two columns.</summary>
    private static string ColumnOf(string text) => text.Length == 0
        ? Unknown
        : string.Concat(text.Select(static character => char.IsWhiteSpace(character) ? '_' : character));
}
