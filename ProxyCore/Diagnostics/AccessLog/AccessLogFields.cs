using System.Globalization;

namespace ProxyCore.Diagnostics;

/// <summary>What an access log says of a connection, safe to be shown; null is what is not known.</summary>
/// <remarks>
/// Names are a user's text, and the path of a Unix socket may be a client's. A connection that was open when the access
/// log was turned on has no record: what was not noted is not known.
/// </remarks>
internal readonly struct AccessLogFields(EndedConnection ended)
{
    private readonly ConnectionReport _report = ended.Report;

    internal string Time => ended.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    internal long Id => _report.Id;

    internal string Route => Printable.Shorten(_report.Route);

    internal string? Client => _report.Client is { } client ? Printable.Shorten(EndPointText.Of(client)) : null;

    internal string? Upstream => _report.Upstream is { } upstream ? Printable.Shorten(upstream) : null;

    internal string Reason => _report.Reason?.ToString() ?? "";

    internal string EndedBy => ConnectionNames.Of(_report.EndedBy);

    internal string Phase => ConnectionNames.Of(_report.Phase);

    internal int? Attempts =>
        _report.Attempts == 0 && (_report.Upstream is not null || _report.Phase == ConnectionPhase.Connecting)
            ? null
            : _report.Attempts;

    internal long BytesToUpstream => _report.BytesToUpstream;

    internal long BytesToClient => _report.BytesToClient;

    internal double? ConnectMilliseconds => Milliseconds(_report.ConnectTime);

    internal double? FirstByteMilliseconds => Milliseconds(_report.FirstByteTime);

    internal double DurationMilliseconds => Milliseconds(_report.Duration)!.Value;

    private static double? Milliseconds(TimeSpan? time) => time is { } one ? Math.Round(one.TotalMilliseconds, 3) : null;
}
