using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli;

/// <summary>A log that keeps the texts of its warnings.</summary>
internal sealed class WarningList : ILogger
{
    private readonly List<string> _texts = [];

    /// <summary>The warnings, in their order.</summary>
    internal IReadOnlyList<string> Texts => _texts;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _texts.Add(formatter(state, exception));
        }
    }
}
