using Microsoft.Extensions.Logging;

namespace ProxyCore.Diagnostics;

/// <summary>The lines about what a new configuration has changed; the ids are those of <see cref="Log"/>.</summary>
internal static partial class ReloadLog
{
    [LoggerMessage(82, LogLevel.Information, "Route {Route}: {Changes}")]
    internal static partial void RouteChanged(this ILogger logger, string route, string changes);

    [LoggerMessage(83, LogLevel.Information, "Proxy: {Changes}")]
    internal static partial void ProxyChanged(this ILogger logger, string changes);

    [LoggerMessage(84, LogLevel.Information, "{Count} more routes were changed, added or removed")]
    internal static partial void MoreRoutesChanged(this ILogger logger, int count);
}
