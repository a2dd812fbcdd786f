using ProxyCore.Settings;

namespace ProxyCore.Upstreams;

/// <summary>The health of one upstream, derived from reports of connects and checks.</summary>
/// <remarks>
/// The first state is up. Failed connects put the upstream out for a time that grows, and one trial brings it back. Failed
/// checks take it down, and only checks bring it back. It has no clock: callers give the time. Belongs to the thread of the
/// pool.
/// </remarks>
internal sealed class UpstreamHealth
{
    private int _checksInRow;
    private int _timesOut;

    internal UpstreamState State { get; private set; }

    /// <summary>How many connects have failed in a row.</summary>
    internal int FailuresInRow { get; private set; }

    /// <summary>How many checks have failed in a row.</summary>
    internal int FailedChecksInRow => Math.Max(0, -_checksInRow);

    /// <summary>Until when it is out, when it is.</summary>
    internal TimeSpan OutUntil { get; private set; }

    /// <summary>Whether it may get a connection at <paramref name="now"/>.</summary>
    internal bool MayTake(TimeSpan now) => State == UpstreamState.Up || (State == UpstreamState.Out && now >= OutUntil);

    /// <summary>The upstream gets a connection. When it is out, that is its trial.</summary>
    internal void OnTaken()
    {
        if (State == UpstreamState.Out)
        {
            State = UpstreamState.OnTrial;
        }
    }

    internal HealthChange OnConnected()
    {
        FailuresInRow = 0;
        return State is UpstreamState.Out or UpstreamState.OnTrial ? ComeUp() : HealthChange.None;
    }

    /// <param name="now">The time.</param>
    /// <param name="limits">When failures take the upstream out; null when they never do, because it is the only one.</param>
    internal HealthChange OnConnectFailed(TimeSpan now, PassiveHealthSettings? limits)
    {
        FailuresInRow++;
        switch (State)
        {
            case UpstreamState.OnTrial:
                GoOut(now, limits);
                return HealthChange.None;
            case UpstreamState.Up when limits is { Failures: > 0 } && FailuresInRow >= limits.Failures:
                GoOut(now, limits);
                return HealthChange.WentOut;
            default:
                return HealthChange.None;
        }
    }

    /// <summary>A connection was given up before its connect had a result. If it was the trial, the next one is.</summary>
    internal void OnNotTried()
    {
        if (State == UpstreamState.OnTrial)
        {
            State = UpstreamState.Out;
        }
    }

    /// <param name="succeeded">Whether the check did.</param>
    /// <param name="rise">How many successes in a row bring it up.</param>
    /// <param name="fall">How many failures in a row take it down.</param>
    internal HealthChange OnChecked(bool succeeded, int rise, int fall)
    {
        bool isNewRow = succeeded != (_checksInRow > 0);
        _checksInRow = isNewRow ? 0 : _checksInRow;
        _checksInRow += succeeded ? 1 : -1;
        if (_checksInRow >= rise && State != UpstreamState.Up)
        {
            return ComeUp();
        }

        if (-_checksInRow >= fall && State != UpstreamState.Down)
        {
            State = UpstreamState.Down;
            return HealthChange.WentDown;
        }

        return HealthChange.None;
    }

    /// <summary>Checks were turned off: their results do not count any more.</summary>
    internal void OnUnchecked()
    {
        _checksInRow = 0;
        if (State == UpstreamState.Down)
        {
            ComeUp();
        }
    }

    private HealthChange ComeUp()
    {
        State = UpstreamState.Up;
        FailuresInRow = 0;
        _timesOut = 0;
        return HealthChange.CameUp;
    }

    private void GoOut(TimeSpan now, PassiveHealthSettings? limits)
    {
        State = UpstreamState.Out;
        if (limits is not null)
        {
            OutUntil = now + OutTime(limits);
            _timesOut++;
        }
    }

    private TimeSpan OutTime(PassiveHealthSettings limits)
    {
        TimeSpan time = limits.OutTime;
        for (int i = 0; i < _timesOut && time < limits.MaxOutTime; i++)
        {
            time *= 2;
        }

        return time < limits.MaxOutTime ? time : limits.MaxOutTime;
    }
}
