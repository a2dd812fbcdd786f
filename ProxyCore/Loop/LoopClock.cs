namespace ProxyCore.Loop;

/// <summary>The time of a loop, and how long it may block for the sake of its next timer.</summary>
/// <remarks>
/// Select's timeout runs on the system's clock. A loop on any other clock (a fake one in a test) blocks without a
/// timeout instead and has that clock wake it.
/// </remarks>
internal sealed class LoopClock : IDisposable
{
    private const int Forever = -1;

    // Select takes an int of microseconds; the loop merely looks once more when this is over.
    private static readonly TimeSpan _longestWait = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan _tolerance = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _provider;
    private readonly long _start;
    private readonly ITimer? _alarm;

    internal LoopClock(TimeProvider provider, Action wake)
    {
        _provider = provider;
        _start = provider.GetTimestamp();
        if (provider != TimeProvider.System)
        {
            _alarm = provider.CreateTimer(
                static wake => ((Action)wake!)(), wake, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>When this clock was made, on the provider's clock.</summary>
    internal TimeSpan Origin => _provider.GetElapsedTime(0, _start);

    /// <summary>The time since this clock was made.</summary>
    internal TimeSpan Elapsed => _provider.GetElapsedTime(_start);

    /// <summary>What to give Select as timeout, in microseconds, so that it returns when <paramref name="due"/> has come.</summary>
    internal int MicrosecondsUntil(TimeSpan? due)
    {
        if (due is not { } time)
        {
            return Forever;
        }

        TimeSpan wait = _alarm is null ? time - Elapsed : SetAlarm(_alarm, time);
        if (wait <= TimeSpan.Zero)
        {
            return 0;
        }

        if (_alarm is not null)
        {
            return Forever;
        }

        // Select hands poll whole milliseconds, rounded down: 0.9 ms would be no wait at all, and a spin.
        TimeSpan bounded = wait < _longestWait ? wait : _longestWait;
        return (int)Math.Ceiling(bounded.TotalMilliseconds) * 1000;
    }

    public void Dispose() => _alarm?.Dispose();

    /// <summary>Returns how long is left until <paramref name="due"/> once the alarm is set for it.</summary>
    private TimeSpan SetAlarm(ITimer alarm, TimeSpan due)
    {
        // A clock moved between the look at it and the setting would put the alarm too late: then look again.
        while (true)
        {
            TimeSpan before = Elapsed;
            TimeSpan wait = due - before;
            alarm.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            TimeSpan after = Elapsed;
            if (after - before <= _tolerance)
            {
                return due - after;
            }
        }
    }
}
