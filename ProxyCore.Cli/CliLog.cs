using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli;

/// <summary>Every log message of the command itself. Its ids begin at 100, above the library's.</summary>
internal static partial class CliLog
{
    [LoggerMessage(100, LogLevel.Information, "Open {Url} (serving {Folder})")]
    internal static partial void Serving(this ILogger logger, string url, string folder);

    [LoggerMessage(101, LogLevel.Information, "Press Ctrl+C again to end at once")]
    internal static partial void HowToEndAtOnce(this ILogger logger);

    [LoggerMessage(102, LogLevel.Information, "Reading {File} again")]
    internal static partial void Reloading(this ILogger logger, string file);

    [LoggerMessage(103, LogLevel.Warning, "{Lines} log lines were lost: standard output did not take them")]
    internal static partial void LinesLost(this ILogger logger, long lines);

    [LoggerMessage(104, LogLevel.Information, "SIGHUP is ignored: the proxy is stopping")]
    internal static partial void HangupIgnored(this ILogger logger);

    [LoggerMessage(105, LogLevel.Information, "The certificate is self-signed, so clients warn of it; those that trust {File} don't, as curl --cacert")]
    internal static partial void SelfSigned(this ILogger logger, string file);

    [LoggerMessage(110, LogLevel.Information, "Admin page on {Url}")]
    internal static partial void AdminPage(this ILogger logger, string url);

    [LoggerMessage(111, LogLevel.Information, "#{Connection} was ended on the admin page, from {Client}")]
    internal static partial void EndedByPage(this ILogger logger, long connection, string client);

    [LoggerMessage(112, LogLevel.Warning, "The admin page has no answer from the proxy")]
    internal static partial void NoSnapshot(this ILogger logger, Exception exception);

    [LoggerMessage(113, LogLevel.Warning, "Metrics and traces don't reach {Collector}: {Cause}")]
    internal static partial void ExportFails(this ILogger logger, Uri collector, string cause);

    [LoggerMessage(114, LogLevel.Information, "Metrics and traces reach {Collector} again")]
    internal static partial void ExportWorksAgain(this ILogger logger, Uri collector);

    [LoggerMessage(116, LogLevel.Information, "Toxic {Toxic} of route {Route} was {Change} on the admin page, from {Client}")]
    internal static partial void ToxicChangedByPage(this ILogger logger, string toxic, string route, string change, string client);

    [LoggerMessage(117, LogLevel.Information, "Upstream {Upstream} of route {Route} was changed through the admin page, from {Client}: {Change}")]
    internal static partial void UpstreamChangedByPage(this ILogger logger, string upstream, string route, string change, string client);

    [LoggerMessage(118, LogLevel.Information, "{Count} connections were ended through the admin page, from {Client}: {Filter}")]
    internal static partial void ManyEndedByPage(this ILogger logger, int count, string filter, string client);

    [LoggerMessage(115, LogLevel.Error, "A request failed; so did {Unlogged} more since such a line was logged last")]
    internal static partial void RequestFailed(this ILogger logger, long unlogged, Exception exception);

    [LoggerMessage(140, LogLevel.Information, "{Address} was denied through the admin page, from {Client}: for {Time}{Cut}")]
    internal static partial void DeniedByPage(this ILogger logger, string address, string time, string cut, string client);

    [LoggerMessage(141, LogLevel.Information, "{Address} was let in again through the admin page, from {Client}")]
    internal static partial void DenyRemovedByPage(this ILogger logger, string address, string client);

    [LoggerMessage(142, LogLevel.Information, "What is set by hand is shared in Redis at {Endpoints}, with keys that begin with {KeyPrefix}")]
    internal static partial void Sharing(this ILogger logger, string endpoints, string keyPrefix);

    [LoggerMessage(130, LogLevel.Information, "toxiproxy's API on {Url}")]
    internal static partial void ToxiproxyApi(this ILogger logger, string url);

    [LoggerMessage(131, LogLevel.Warning, "The API can be reached from other machines, and needs no token, as toxiproxy's: every program that reaches it can open ports here")]
    internal static partial void ToxiproxyIsOpen(this ILogger logger);

    [LoggerMessage(132, LogLevel.Information, "Proxy {Name} relays {Listen} to {Upstream}")]
    internal static partial void ProxyStarted(this ILogger logger, string name, string listen, string upstream);

    [LoggerMessage(133, LogLevel.Information, "Proxy {Name} is stopped")]
    internal static partial void ProxyStopped(this ILogger logger, string name);

    [LoggerMessage(134, LogLevel.Information, "Proxies made as {File} says: {Count}")]
    internal static partial void ProxiesLoaded(this ILogger logger, string file, int count);

    [LoggerMessage(135, LogLevel.Error, "The proxies of {File} are not all there: {Cause}")]
    internal static partial void ProxiesNotLoaded(this ILogger logger, string file, string cause);
}
