using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace ProxyCore.Cli;

/// <summary>Logging to standard output. Who logs never waits for it: what it does not take is dropped and counted.</summary>
internal static class ConsoleLogging
{
    internal static ILoggerFactory Create(LogLevel level, LogFormat format) => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(level);

        // The demo's file server is ASP.NET Core, which tells of every request: only its warnings are of interest.
        logging.AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning);

        // Its host tells why it can't start, and then throws it: that is told once, as the reason for our end.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);

        if (format == LogFormat.Json)
        {
            logging.AddJsonConsole(static json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        }

        // AddConsoleFormatter would bind the formatter's options by reflection, which native code does not have.
        logging.Services.AddSingleton<ConsoleFormatter>(new CourseFormatter(UseColours()));
        logging.AddConsole(console =>
        {
            console.FormatterName = format == LogFormat.Json ? ConsoleFormatterNames.Json : CourseFormatter.FormatterName;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
    });

    private static bool UseColours() =>
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
}
