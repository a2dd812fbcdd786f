using Microsoft.Extensions.Logging;

namespace ProxyCore.Tests.Loop;

/// <summary>A logger that keeps what it is told.</summary>
internal sealed class LogRecorder : ILogger
{
    private readonly List<(int Id, Exception? Exception)> _entries = [];

    internal IEnumerable<Exception?> ExceptionsOf(int id)
    {
        lock (_entries)
        {
            return [.. _entries.Where(entry => entry.Id == id).Select(static entry => entry.Exception)];
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_entries)
        {
            _entries.Add((eventId.Id, exception));
        }
    }
}
