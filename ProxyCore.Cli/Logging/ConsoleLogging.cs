using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using ProxyCore.Cli.Systemd;
using ProxyCore.Cli.WindowsServices;
using ProxyCore.Diagnostics;

namespace ProxyCore.Cli.Logging;

/// <summary>Logging to standard output, and of a Windows service to the event log. The thread that logs never writes: see <see cref="LogQueue"/>.</summary>
/// <remarks>
/// Put together here instead of by <c>LoggerFactory.Create</c>, whose container allocates 1.9 MB in native code before
/// the first line is logged.
/// </remarks>
internal static class ConsoleLogging
{
    /// <param name="level">The level from which on lines are written.</param>
    /// <param name="format">Their format.</param>
    /// <param name="time">The time ahead of a line of text; null for <see cref="DefaultTime"/>.</param>
    internal static ILoggerFactory Create(LogLevel level, LogFormat format, LineTime? time = null)
    {
        ConsoleFormatter formatter = format == LogFormat.Json
            ? CreateJsonFormatter()
            : new CourseFormatter(UseColours(), time ?? DefaultTime(), TimeProvider.System);

        // Added to the factory, not given to its constructor: so it is disposed of with the factory, which empties its queue.
        var loggerFactory = new LoggerFactory([], CreateFilter(level));
        LogQueue.TryWrite write = WindowsService.IsOne ? new EventLogOutput().TryWrite : new StandardOutput().TryWrite;
        loggerFactory.AddProvider(new QueuedLoggerProvider(formatter, write));
        return loggerFactory;
    }

    private static LoggerFilterOptions CreateFilter(LogLevel level)
    {
        var filter = new LoggerFilterOptions { MinLevel = level };

        // ASP.NET Core, which serves the admin page and the demo, logs every request: only its warnings are wanted. A failed
        // start is reported by the caller.
        filter.AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning);
        filter.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);

        // It warns for each connection above the limit: a client that opens thousands would fill the log.
        filter.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Connections", level > LogLevel.Error ? level : LogLevel.Error);

        // The access log has an option of its own, whatever the level is.
        return filter.AddFilter(AccessLogLogger.Category, LogLevel.Information);
    }

    // The package keeps its formatter's type to itself: only a container hands it out.
    private static ConsoleFormatter CreateJsonFormatter() => new ServiceCollection()
        .AddLogging(static logging => logging.AddJsonConsole(static json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        }))
        .BuildServiceProvider()
        .GetServices<ConsoleFormatter>()
        .Single(static formatter => formatter.Name == ConsoleFormatterNames.Json);

    /// <summary>
    /// A terminal shows the course's lines to somebody who looks on. A file or a pipe is read later. systemd's journal knows
    /// the time of a line itself.
    /// </summary>
    private static LineTime DefaultTime() => !Console.IsOutputRedirected || JournalStream.IsOutput() ? LineTime.None : LineTime.Utc;

    private static bool UseColours() =>
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
}
