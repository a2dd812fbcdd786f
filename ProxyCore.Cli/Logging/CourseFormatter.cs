using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using ProxyCore.Diagnostics;

namespace ProxyCore.Cli.Logging;

/// <summary>Writes the course's log lines: <c>[INFO] Server listening on port 8080</c>. One line an entry, whatever is in it.</summary>
/// <param name="useColours">Whether labels have colours.</param>
/// <param name="time">The time ahead of each line.</param>
/// <param name="clock">The clock that tells it.</param>
internal sealed class CourseFormatter(bool useColours, LineTime time, TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    internal const string FormatterName = "course";

    // The course prints what a client sends under a label of its own, without a level.
    private const string ClientMessageLabel = "[CLIENT MESSAGE]";

    // What the library logs there is no message but a line of its access log.
    private const string AccessCategory = AccessLogLogger.Category;
    private const string AccessLabel = "ACCESS";
    private const string AccessColour = "\e[36m";

    private const string NoColour = "\e[0m";

    private const string UtcFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z '";
    private const string LocalFormat = "yyyy-MM-dd'T'HH:mm:ss.fffzzz' '";
    private const int LongestTime = 32;

    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        WriteTime(textWriter);
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

    private void WriteTime(TextWriter writer)
    {
        if (time == LineTime.None)
        {
            return;
        }

        bool isUtc = time == LineTime.Utc;
        Span<char> text = stackalloc char[LongestTime];
        DateTimeOffset now = isUtc ? clock.GetUtcNow() : clock.GetLocalNow();
        _ = now.TryFormat(text, out int length, isUtc ? UtcFormat : LocalFormat, CultureInfo.InvariantCulture);
        writer.Write(text[..length]);
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
