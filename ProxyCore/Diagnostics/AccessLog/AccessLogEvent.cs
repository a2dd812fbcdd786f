using System.Collections;

namespace ProxyCore.Diagnostics;

/// <summary>An access log's event as loggers want it: named values, and as text the line for people.</summary>
/// <remarks>Written out, because the generator's formatter has neither units nor a sign for what is not known.</remarks>
internal sealed class AccessLogEvent : IReadOnlyList<KeyValuePair<string, object?>>
{
    private const string Template =
        "{ConnectionId} {Route} {Client} {Upstream} {Reason} {EndedBy}/{Phase} attempts={Attempts} up={BytesToUpstream} "
        + "down={BytesToClient} connect={ConnectMilliseconds} first={FirstByteMilliseconds} duration={DurationMilliseconds}";

    private readonly AccessLogFields _fields;
    private readonly KeyValuePair<string, object?>[] _values;

    internal AccessLogEvent(AccessLogFields fields)
    {
        _fields = fields;
        _values =
        [
            new("EndedAt", fields.Time),
            new("ConnectionId", fields.Id),
            new("Route", fields.Route),
            new("Client", fields.Client),
            new("Upstream", fields.Upstream),
            new("Reason", fields.Reason),
            new("EndedBy", fields.EndedBy),
            new("Phase", fields.Phase),
            new("Attempts", fields.Attempts),
            new("BytesToUpstream", fields.BytesToUpstream),
            new("BytesToClient", fields.BytesToClient),
            new("ConnectMilliseconds", fields.ConnectMilliseconds),
            new("FirstByteMilliseconds", fields.FirstByteMilliseconds),
            new("DurationMilliseconds", fields.DurationMilliseconds),

            // By convention the last, and what sinks know the kind of an event by.
            new("{OriginalFormat}", Template),
        ];
    }

    public int Count => _values.Length;

    public KeyValuePair<string, object?> this[int index] => _values[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, object?>>)_values).GetEnumerator();

    public override string ToString() => AccessLogText.Of(_fields);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
