using Microsoft.Extensions.Logging;

namespace ProxyCore.Diagnostics;

/// <summary>Lines about the state that several proxies share; the ids are those of <see cref="Log"/>.</summary>
internal static partial class SharedStateLog
{
    [LoggerMessage(32, LogLevel.Information, "The shared state is reachable; {Records} records are known")]
    internal static partial void SharedStateReachable(this ILogger logger, int records);

    [LoggerMessage(33, LogLevel.Warning, "The shared state is not reachable: {Cause}; this proxy goes on with what it knows, and tries again")]
    internal static partial void SharedStateAway(this ILogger logger, string cause);

    [LoggerMessage(34, LogLevel.Error, "{Ranges} addresses and ranges that others have denied are not denied here: as many are denied as may be (MaxDenied)")]
    internal static partial void SharedDenyLeftOut(this ILogger logger, int ranges);

    [LoggerMessage(35, LogLevel.Information, "What others have set is in force: {Denied} addresses and ranges denied, {LetIn} let in again")]
    internal static partial void SharedDenyFollowed(this ILogger logger, int denied, int letIn);

    [LoggerMessage(36, LogLevel.Information, "What others have set of upstream {Upstream} of route {Route} waits until this proxy has it")]
    internal static partial void SharedUpstreamUnknown(this ILogger logger, string upstream, string route);

    [LoggerMessage(37, LogLevel.Warning, "What was set stays on this proxy alone, because its name is too long to be shared: {Key}")]
    internal static partial void SharedKeyTooLong(this ILogger logger, string key);
}
