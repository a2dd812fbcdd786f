using Microsoft.Extensions.Logging;

namespace ProxyCore.Diagnostics;

/// <summary>Lines about faults on purpose; the ids are those of <see cref="Log"/>. Names and descriptions come escaped.</summary>
internal static partial class ToxicLog
{
    [LoggerMessage(130, LogLevel.Information, "Toxic {Toxic} added to route {Route}: {Description}")]
    internal static partial void ToxicAdded(this ILogger logger, string toxic, string route, string description);

    [LoggerMessage(131, LogLevel.Information, "Toxic {Toxic} of route {Route} changed: {Description}")]
    internal static partial void ToxicChanged(this ILogger logger, string toxic, string route, string description);

    [LoggerMessage(132, LogLevel.Information, "Toxic {Toxic} removed from route {Route}; it acted on {Connections} connections and ended {Ended}")]
    internal static partial void ToxicRemoved(this ILogger logger, string toxic, string route, long connections, long ended);

    [LoggerMessage(133, LogLevel.Information, "Toxic {Toxic} of route {Route} expired; it acted on {Connections} connections and ended {Ended}")]
    internal static partial void ToxicExpired(this ILogger logger, string toxic, string route, long connections, long ended);
}
