namespace ProxyCore.Cli.Logging;

/// <summary>The time ahead of a line of a text log.</summary>
internal enum LineTime
{
    /// <summary>None: the course's lines, <c>[INFO] Server listening on port 8080</c>.</summary>
    None,

    /// <summary>UTC, with milliseconds: <c>2026-11-25T03:12:45.123Z</c>.</summary>
    Utc,

    /// <summary>The time of this machine's zone, with its offset: <c>2026-11-25T04:12:45.123+01:00</c>.</summary>
    Local,
}
