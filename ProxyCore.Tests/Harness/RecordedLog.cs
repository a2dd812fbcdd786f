using Microsoft.Extensions.Logging;

namespace ProxyCore.Tests.Harness;

/// <summary>One logged event.</summary>
internal sealed record LogEntry(int Id, string? Name, LogLevel Level, string Text);

/// <summary>A logger that keeps what it is told, and lets a test wait for an event instead of for some time.</summary>
internal sealed class RecordedLog(LogLevel minimum) : ILoggerFactory, ILogger
{
    private readonly Lock _gate = new();
    private readonly List<LogEntry> _entries = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal LogLevel Minimum { get; set; } = minimum;

    /// <summary>Called with the name of each event, on the thread that logs it.</summary>
    internal Action<string?>? Logged { get; set; }

    internal IReadOnlyList<LogEntry> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries];
            }
        }
    }

    internal IEnumerable<string> TextsOf(string eventName) =>
        Entries.Where(entry => entry.Name == eventName).Select(static entry => entry.Text);

    internal int CountOf(string eventName) => Entries.Count(entry => entry.Name == eventName);

    /// <summary>Waits until <paramref name="eventName"/> has been logged <paramref name="times"/> times; returns the last.</summary>
    internal Task<LogEntry> Saw(string eventName, int times = 1) =>
        Bound.Within($"{times} × log event {eventName}", async token =>
        {
            while (true)
            {
                Task more;
                lock (_gate)
                {
                    LogEntry[] seen = [.. _entries.Where(entry => entry.Name == eventName)];
                    if (seen.Length >= times)
                    {
                        return seen[times - 1];
                    }

                    more = _more.Task;
                }

                await more.WaitAsync(token);
            }
        });

    public bool IsEnabled(LogLevel logLevel) => logLevel >= Minimum;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        TaskCompletionSource more;
        lock (_gate)
        {
            _entries.Add(new LogEntry(eventId.Id, eventId.Name, logLevel, formatter(state, exception)));
            more = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        more.SetResult();
        Logged?.Invoke(eventId.Name);
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
