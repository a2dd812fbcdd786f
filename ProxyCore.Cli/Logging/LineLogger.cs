using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ProxyCore.Cli.Logging;

/// <summary>Turns each entry of one category into a line and hands it over. Any thread.</summary>
/// <param name="category">The category.</param>
/// <param name="lineFormatter">Writes the line.</param>
/// <param name="handOver">Takes the line, on the thread that logs.</param>
internal sealed class LineLogger(string category, ConsoleFormatter lineFormatter, Action<string> handOver) : ILogger
{
    // What a thread keeps for its next line; a longer line was an exception.
    private const int MostKept = 4096;

    [ThreadStatic]
    private static StringWriter? _writer;

    /// <summary>The filters of the factory have decided already.</summary>
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        StringWriter writer = _writer ??= new StringWriter();
        StringBuilder line = writer.GetStringBuilder();
        try
        {
            lineFormatter.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), null, writer);
            if (line.Length > 0)
            {
                handOver(line.ToString());
            }
        }
        finally
        {
            line.Clear();
            line.Capacity = Math.Min(line.Capacity, MostKept);
        }
    }
}
