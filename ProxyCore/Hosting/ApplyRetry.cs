namespace ProxyCore.Hosting;

/// <summary>
/// Applies options again that could not be applied because an endpoint was in use: after a second, then after twice as
/// long each time, up to a minute. Any thread.
/// </summary>
/// <param name="clock">The clock of the pauses.</param>
/// <param name="apply">Applies the options as they are then.</param>
internal sealed class ApplyRetry(TimeProvider clock, Action apply) : IDisposable
{
    private static readonly TimeSpan _first = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private TimeSpan _next = _first;
    private ITimer? _timer;
    private bool _isDisposed;

    /// <summary>Plans the next attempt; returns after what time.</summary>
    internal TimeSpan Plan()
    {
        lock (_gate)
        {
            TimeSpan pause = _next;
            _next = pause * 2 < _longest ? pause * 2 : _longest;
            _timer?.Dispose();
            _timer = _isDisposed ? null : clock.CreateTimer(_ => apply(), null, pause, Timeout.InfiniteTimeSpan);
            return pause;
        }
    }

    /// <summary>Drops the planned attempt: another begins.</summary>
    internal void Cancel()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
        }
    }

    /// <summary>The options were applied: the next failure is a new one.</summary>
    internal void Reset()
    {
        lock (_gate)
        {
            _next = _first;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _timer?.Dispose();
            _timer = null;
        }
    }
}
