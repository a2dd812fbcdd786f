using Microsoft.Extensions.Logging;
using ProxyCore.Access;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Limiting;

/// <summary>The clients that a proxy denies for a time. Its gate gets the addresses as a whole at each change. Any thread.</summary>
/// <remarks>
/// Ends are timed by the steady part of the clock: a wall clock that is set moves none. One timer is for the next end, and there
/// is none before something is denied.
/// </remarks>
/// <param name="gate">The gate of the proxy.</param>
/// <param name="limit">How many addresses and ranges may be denied at a time.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where changes are logged.</param>
internal sealed class DeniedClients(ClientGate gate, int limit, TimeProvider clock, ILogger logger)
{
    // A timer may fire a moment early.
    private static readonly TimeSpan _shortestWait = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly DenyTable _table = new();
    private readonly long _origin = clock.GetTimestamp();
    private ITimer? _timer;
    private bool _isClosed;
    private volatile int _limit = limit;

    /// <summary>How many may be denied at a time. Those that are when it is lowered stay.</summary>
    internal int Limit
    {
        get => _limit;
        set => _limit = value;
    }

    /// <summary>What is denied, in the order in which it ends.</summary>
    internal IReadOnlyList<DenyEntry> All
    {
        get
        {
            lock (_lock)
            {
                TimeSpan now = Now;
                return [.. _table.All.Where(one => one.Value.Until > now).Select(one => ToEntry(one.Key, one.Value, now))];
            }
        }
    }

    private TimeSpan Now => clock.GetElapsedTime(_origin);

    /// <summary>Denies a range; null when as many are denied as may be.</summary>
    internal DenyEntry? TryDeny(AddressRange range, TimeSpan duration)
    {
        DenyEntry entry;
        lock (_lock)
        {
            TimeSpan now = Now;
            var denial = new Denial(now + duration, clock.GetUtcNow());
            if (!_table.TrySet(range, denial, _limit))
            {
                return null;
            }

            Use(now);
            entry = ToEntry(range, denial, now);
        }

        logger.ClientsDenied(entry.Address, duration.TotalSeconds);
        return entry;
    }

    /// <summary>Denies a range no more; false when it is not denied.</summary>
    internal bool TryRemove(AddressRange range)
    {
        lock (_lock)
        {
            if (!_table.Remove(range))
            {
                return false;
            }

            Use(Now);
        }

        logger.DenyRemoved(range.ToString());
        return true;
    }

    /// <summary>Denies ranges, and lets others in again, as one change.</summary>
    /// <param name="changes">Each with the time for which it is denied; null lets it in.</param>
    /// <returns>Those that are not denied, because as many are denied as may be.</returns>
    internal IReadOnlySet<AddressRange> Follow(IReadOnlyCollection<(AddressRange Range, TimeSpan? Duration)> changes)
    {
        var leftOut = new HashSet<AddressRange>();
        lock (_lock)
        {
            TimeSpan now = Now;
            DateTimeOffset since = clock.GetUtcNow();
            foreach ((AddressRange range, TimeSpan? duration) in changes.OrderBy(static one => one.Duration is not null))
            {
                if (duration is null)
                {
                    _table.Remove(range);
                }
                else if (!_table.TrySet(range, new Denial(now + duration.Value, since), _limit))
                {
                    leftOut.Add(range);
                }
            }

            Use(now);
        }

        return leftOut;
    }

    /// <summary>The proxy ends: nothing ends by its time any more. A timer that goes on would keep the proxy in memory.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private static DenyEntry ToEntry(AddressRange range, Denial denial, TimeSpan now) =>
        new() { Address = range.ToString(), Since = denial.Since, Remaining = denial.Until - now };

    /// <summary>The table has changed: the gate gets it, and the timer the next end.</summary>
    private void Use(TimeSpan now)
    {
        gate.UseDenied(_table.ToSet());
        if (_isClosed)
        {
            return;
        }

        _timer ??= clock.CreateTimer(_ => OnDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_table.NextEnd is { } end ? WaitFor(end - now) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private static TimeSpan WaitFor(TimeSpan left) => left > _shortestWait ? left : _shortestWait;

    private void OnDue()
    {
        IReadOnlyList<AddressRange> ended;
        lock (_lock)
        {
            TimeSpan now = Now;
            ended = _table.TakeEnded(now);
            Use(now);
        }

        foreach (AddressRange range in ended)
        {
            logger.DenyEnded(range.ToString());
        }
    }
}
