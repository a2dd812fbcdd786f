using System.Globalization;

namespace ProxyCore.Diagnostics;

/// <summary>An event of an access log: when a connection ended, and its report (<see cref="ConnectionFields"/>).</summary>
internal readonly struct AccessLogFields(EndedConnection ended)
{
    internal string Time => ended.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    internal ConnectionReport Report => ended.Report;
}
