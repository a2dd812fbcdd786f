using Microsoft.Extensions.Logging;

namespace ProxyCore.Diagnostics;

/// <summary>Lines about clients that are denied for a time; the ids are those of <see cref="Log"/>.</summary>
internal static partial class DenyLog
{
    [LoggerMessage(29, LogLevel.Information, "{Range} is denied for {Seconds} s")]
    internal static partial void ClientsDenied(this ILogger logger, string range, double seconds);

    [LoggerMessage(30, LogLevel.Information, "{Range} is denied no more: it was removed")]
    internal static partial void DenyRemoved(this ILogger logger, string range);

    [LoggerMessage(31, LogLevel.Information, "{Range} is denied no more: its time is over")]
    internal static partial void DenyEnded(this ILogger logger, string range);
}
