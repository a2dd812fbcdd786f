using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli;

/// <summary>Every line that the command itself logs. Ids from 100, past the library's.</summary>
internal static partial class CliLog
{
    [LoggerMessage(100, LogLevel.Information, "Open {Url} (serving {Folder})")]
    internal static partial void Serving(this ILogger logger, string url, string folder);

    [LoggerMessage(101, LogLevel.Information, "Press Ctrl+C again to end at once")]
    internal static partial void HowToEndAtOnce(this ILogger logger);

    [LoggerMessage(102, LogLevel.Information, "Reading {File} again")]
    internal static partial void Reloading(this ILogger logger, string file);
}
