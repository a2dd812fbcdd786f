using ProxyCore.Settings;

namespace ProxyCore.Connections.Connecting;

/// <summary>
/// What one client's way to an upstream may take: rounds over the pool, time to connect, and time in the queue. It is
/// given the time and has no clock.
/// </summary>
/// <remarks>
/// Each bound holds for the whole way, however often the client is queued. Time in the queue is not taken from the time
/// to connect.
/// </remarks>
internal struct ConnectBudget(RouteSettings route, TimeSpan now)
{
    // An upstream that is restarted listens again after a moment, or after a second or two.
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _laterPause = TimeSpan.FromSeconds(1);

    private TimeSpan _deadline = now + route.ConnectTimeout;
    private TimeSpan _queueTimeLeft = route.Pool.QueueTimeout;
    private TimeSpan? _queuedSince;
    private int _roundsLeft = route.ConnectAttempts - 1;
    private bool _hasPaused;

    internal readonly TimeSpan QueueTimeLeft => _queueTimeLeft;

    internal readonly TimeSpan TimeLeft(TimeSpan now) => _deadline - now;

    /// <summary>The time for one upstream, when <paramref name="others"/> more may have to be tried after it.</summary>
    internal readonly TimeSpan ShareOfTimeLeft(TimeSpan now, int others) => (_deadline - now) / (others + 1);

    internal void EnterQueue(TimeSpan now) => _queuedSince ??= now;

    /// <summary>Does nothing outside the queue.</summary>
    internal void LeaveQueue(TimeSpan now)
    {
        if (_queuedSince is { } since)
        {
            _queuedSince = null;
            _queueTimeLeft -= now - since;
            _deadline += now - since;
        }
    }

    /// <summary>Begins the pause before another round; false when no round or no time is left for one.</summary>
    internal bool TryPause(TimeSpan now, out TimeSpan pause)
    {
        pause = _hasPaused ? _laterPause : _firstPause;
        if (_roundsLeft == 0 || now + pause >= _deadline)
        {
            return false;
        }

        _hasPaused = true;
        _roundsLeft--;
        return true;
    }
}
