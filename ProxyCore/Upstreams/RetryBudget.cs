using ProxyCore.Settings;

namespace ProxyCore.Upstreams;

/// <summary>
/// Counts the clients and the retries of a route over the last seconds, and says whether another retry may be made.
/// </summary>
/// <remarks>It has no clock: callers give the time. Belongs to the thread of the pool.</remarks>
internal sealed class RetryBudget(RetryBudgetSettings settings)
{
    // Long enough that the share of a few clients is a whole number, short enough that a flood of clients that is over does
    // not pay for retries much later.
    private const int Seconds = 10;

    private readonly int[] _clients = new int[Seconds];
    private readonly int[] _retries = new int[Seconds];
    private long _second;
    private long _clientsInAll;
    private long _retriesInAll;
    private TimeSpan? _lastRefusal;

    internal RetryBudgetSettings Settings { get; set; } = settings;

    /// <summary>How many retries the last seconds pay for.</summary>
    private long Allowed => Shares.Of(Settings.Share, _clientsInAll) + ((long)Settings.Minimum * Seconds);

    /// <summary>Whether a retry may be made at <paramref name="now"/>; it is still to be counted.</summary>
    internal bool AllowsRetry(TimeSpan now)
    {
        MoveTo(now);
        return _retriesInAll < Allowed;
    }

    internal void CountClient(TimeSpan now) => Add(_clients, ref _clientsInAll, now);

    internal void CountRetry(TimeSpan now) => Add(_retries, ref _retriesInAll, now);

    /// <summary>A client was refused at <paramref name="now"/>. Returns whether that was the first for some time.</summary>
    internal bool NoteRefusal(TimeSpan now)
    {
        bool isFirst = _lastRefusal is not { } last || now - last > TimeSpan.FromSeconds(Seconds);
        _lastRefusal = now;
        return isFirst;
    }

    private void Add(int[] counts, ref long sum, TimeSpan now)
    {
        MoveTo(now);
        counts[_second % Seconds]++;
        sum++;
    }

    /// <summary>Forgets what is older than the last seconds, of which the present one is the last.</summary>
    private void MoveTo(TimeSpan now)
    {
        long second = now.Ticks / TimeSpan.TicksPerSecond;
        long steps = Math.Min(second - _second, Seconds);
        for (long i = 1; i <= steps; i++)
        {
            long oldest = (_second + i) % Seconds;
            _clientsInAll -= _clients[oldest];
            _retriesInAll -= _retries[oldest];
            (_clients[oldest], _retries[oldest]) = (0, 0);
        }

        _second = Math.Max(_second, second);
    }
}
