using System.Collections;

namespace ProxyCore.Diagnostics;

/// <summary>An access log's event as loggers want it: named values, and as text the line for people.</summary>
/// <remarks>Written out, because the generator's formatter has neither units nor a sign for what is not known.</remarks>
internal sealed class AccessLogEvent : IReadOnlyList<KeyValuePair<string, object?>>
{
    private static readonly string _template =
        string.Concat(ConnectionFields.All.Select(static field => $"{field.Before}{{{field.Property}}}"));

    private readonly ConnectionReport _report;
    private readonly KeyValuePair<string, object?>[] _values;

    internal AccessLogEvent(AccessLogFields fields)
    {
        _report = fields.Report;
        _values =
        [
            new("EndedAt", fields.Time),
            .. ConnectionFields.All.Select(field => KeyValuePair.Create(field.Property, field.ValueOf(fields.Report).ToObject())),

            // By convention the last, and what sinks know the kind of an event by.
            new("{OriginalFormat}", _template),
        ];
    }

    public int Count => _values.Length;

    public KeyValuePair<string, object?> this[int index] => _values[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, object?>>)_values).GetEnumerator();

    public override string ToString() => AccessLogText.Of(_report);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
