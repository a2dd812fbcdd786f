using Microsoft.Extensions.Logging;
using ProxyCore.Cli.Logging;

namespace ProxyCore.Cli;

/// <summary>Parses log levels and formats of the command line, in any case.</summary>
internal static class LogNames
{
    /// <exception cref="FormatException">There is no such level.</exception>
    internal static LogLevel ParseLevel(string text) => text.ToUpperInvariant() switch
    {
        "TRACE" => LogLevel.Trace,
        "DEBUG" => LogLevel.Debug,
        "INFO" or "INFORMATION" => LogLevel.Information,
        "WARN" or "WARNING" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "CRITICAL" => LogLevel.Critical,
        "NONE" => LogLevel.None,
        _ => throw new FormatException($"'{text}' is no log level: trace, debug, info, warn, error or none"),
    };

    /// <exception cref="FormatException">There is no such format.</exception>
    internal static LogFormat ParseFormat(string text) => text.ToUpperInvariant() switch
    {
        "TEXT" => LogFormat.Text,
        "JSON" => LogFormat.Json,
        _ => throw new FormatException($"'{text}' is no log format: text or json"),
    };

    /// <exception cref="FormatException">There is no such time.</exception>
    internal static LineTime ParseTime(string text) => text.ToUpperInvariant() switch
    {
        "UTC" => LineTime.Utc,
        "LOCAL" => LineTime.Local,
        "NONE" => LineTime.None,
        _ => throw new FormatException($"'{text}' is no time of log lines: utc, local or none"),
    };

    /// <exception cref="FormatException">There is no such format.</exception>
    internal static AccessLogFormat ParseAccessLogFormat(string text) =>
        ParseFormat(text) == LogFormat.Json ? AccessLogFormat.Json : AccessLogFormat.Text;
}
