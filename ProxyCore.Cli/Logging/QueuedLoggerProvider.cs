using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace ProxyCore.Cli.Logging;

/// <summary>Formats entries on the thread that logs them, and leaves the writing to a <see cref="LogQueue"/>. Any thread.</summary>
internal sealed class QueuedLoggerProvider : ILoggerProvider
{
    private readonly ConcurrentDictionary<string, LineLogger> _loggers = new(StringComparer.Ordinal);
    private readonly ConsoleFormatter _formatter;
    private readonly LogQueue _queue;

    internal QueuedLoggerProvider(ConsoleFormatter formatter, LogQueue.TryWrite write)
    {
        _formatter = formatter;
        _queue = new LogQueue(write, FormatLoss);
    }

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(
        categoryName, static (category, provider) => new LineLogger(category, provider._formatter, provider._queue.Enqueue), this);

    public void Dispose() => _queue.Dispose();

    private string FormatLoss(long lines)
    {
        string formatted = "";
        new LineLogger(typeof(QueuedLoggerProvider).Namespace!, _formatter, line => formatted = line).LinesLost(lines);
        return formatted;
    }
}
