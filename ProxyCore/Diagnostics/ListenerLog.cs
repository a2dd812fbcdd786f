using Microsoft.Extensions.Logging;

namespace ProxyCore.Diagnostics;

/// <summary>Further lines of the loop and its listeners; the ids are those of <see cref="Log"/>.</summary>
internal static partial class ListenerLog
{
    [LoggerMessage(9, LogLevel.Warning, "The wait for events failed: {Error}; it is tried again for up to {Seconds} s")]
    internal static partial void WaitFailed(this ILogger logger, string error, double seconds);

    [LoggerMessage(10, LogLevel.Information, "The wait for events works again")]
    internal static partial void WaitRecovered(this ILogger logger);

    [LoggerMessage(11, LogLevel.Warning, "{Cause}")]
    internal static partial void MaxConnectionsTooHigh(this ILogger logger, string cause);

    [LoggerMessage(12, LogLevel.Warning, "The endpoint {Endpoint} is in use: the configuration is applied again in {Seconds} s")]
    internal static partial void AppliesAgain(this ILogger logger, string endpoint, double seconds);

    [LoggerMessage(27, LogLevel.Warning, "{Endpoint} is at its maximum rate of {PerSecond:0.###} connections a second: further clients wait in the backlog")]
    internal static partial void AtMaximumRate(this ILogger logger, ProxyEndpoint endpoint, double perSecond);

    [LoggerMessage(26, LogLevel.Warning, "{Endpoint} keeps its TCP options, because the new ones can't be set: {Error}")]
    internal static partial void KeepsTcpOptions(this ILogger logger, ProxyEndpoint endpoint, string error);
}
