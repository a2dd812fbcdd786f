using ProxyCore.Settings;

namespace ProxyCore.Upstreams;

/// <summary>The health of one upstream, from the connects and the checks that are reported to it.</summary>
/// <remarks>
/// It starts up. Failed connects put it out for a time that grows, and one trial brings it back; failed checks take it
/// down, and checks bring it back. Time is given to it: it has no clock. Belongs to the thread of its pool.
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

    /// <summary>It gets a connection: its trial, when it is out.</summary>
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
    /// <param name="limits">When that takes it out; null when it can't: there is no other to go to.</param>
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

    /// <summary>The connection that was taken for it came to nothing before it was tried: the next one is the trial.</summary>
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

    /// <summary>It is checked no more: what checks have found does not count.</summary>
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
