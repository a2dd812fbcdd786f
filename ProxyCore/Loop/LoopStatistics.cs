namespace ProxyCore.Loop;

/// <summary>What a loop has spent its time on. Only the loop's thread notes; any thread may read.</summary>
internal sealed class LoopStatistics
{
    // A reader that looks every ten seconds sees each long turn at least once.
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(10);

    private long _selects;
    private long _busy;
    private long _longest;
    private long _longestBefore;
    private TimeSpan _windowEnd = _window;
    private TimeSpan _since;

    /// <summary>How often it has called Select.</summary>
    internal long Selects => Volatile.Read(ref _selects);

    /// <summary>How long it has worked in all, other than waited in Select.</summary>
    internal TimeSpan BusyTime => new(Volatile.Read(ref _busy));

    /// <summary>The longest time between two Selects in this window of ten seconds and the one before it.</summary>
    internal TimeSpan Longest => new(Math.Max(Volatile.Read(ref _longest), Volatile.Read(ref _longestBefore)));

    /// <summary>It goes to Select: what it has done since the last one is a turn.</summary>
    internal void NoteBefore(TimeSpan now)
    {
        long turn = (now - _since).Ticks;
        Volatile.Write(ref _busy, _busy + turn);
        if (now >= _windowEnd)
        {
            _windowEnd = now + _window;
            Volatile.Write(ref _longestBefore, _longest);
            Volatile.Write(ref _longest, turn);
        }
        else if (turn > _longest)
        {
            Volatile.Write(ref _longest, turn);
        }
    }

    /// <summary>It has come back from Select.</summary>
    internal void NoteAfter(TimeSpan now)
    {
        _since = now;
        Volatile.Write(ref _selects, _selects + 1);
    }
}
