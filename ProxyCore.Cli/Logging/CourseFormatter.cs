using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using ProxyCore.Diagnostics;

namespace ProxyCore.Cli.Logging;

/// <summary>Writes the course's log lines: <c>[INFO] Server listening on port 8080</c>. One line an entry, whatever is in it.</summary>
internal sealed class CourseFormatter(bool useColours) : ConsoleFormatter(FormatterName)
{
    internal const string FormatterName = "course";

    // The course prints what a client sends under a label of its own, without a level.
    private const string ClientMessageLabel = "[CLIENT MESSAGE]";

    // What the library logs there is no message but a line of its access log.
    private const string AccessCategory = AccessLogLogger.Category;
    private const string AccessLabel = "ACCESS";
    private const string AccessColour = "\e[36m";

    private const string NoColour = "\e[0m";

    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (logEntry.Category == AccessCategory)
        {
            WriteLabel(textWriter, AccessLabel, AccessColour);
        }
        else if (!message.StartsWith(ClientMessageLabel, StringComparison.Ordinal))
        {
            WriteLabel(textWriter, Label(logEntry.LogLevel), Colour(logEntry.LogLevel));
        }

        textWriter.Write(OneLine.Escape(message));
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(OneLine.Escape($" — {exception.GetType().Name}: {exception.Message}"));
        }

        textWriter.Write('\n');
    }

    private static string Label(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARN",
        LogLevel.Error => "ERROR",
        _ => "CRITICAL",
    };

    private static string Colour(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "\e[90m",
        LogLevel.Information => "\e[32m",
        LogLevel.Warning => "\e[33m",
        _ => "\e[31m",
    };

    private void WriteLabel(TextWriter writer, string label, string colour) =>
        writer.Write(useColours ? $"[{colour}{label}{NoColour}] " : $"[{label}] ");
}
