namespace ProxyCore.Upstreams;

/// <summary>The slow start of one upstream: from when it may take connections again its share grows to the whole. Belongs to the thread of the pool.</summary>
internal sealed class WarmUp
{
    private TimeSpan? _begin;

    /// <summary>What it has saved up towards its next connection: see <see cref="SlowStartTurns"/>.</summary>
    internal double Credit { get; set; }

    /// <summary>Begins anew at <paramref name="now"/>.</summary>
    internal void Begin(TimeSpan now)
    {
        _begin = now;
        Credit = 0;
    }

    /// <summary>Ends it: the upstream has its whole share.</summary>
    internal void End() => _begin = null;

    /// <summary>The part of its share that it has at <paramref name="now"/>, from 0 to 1, when the whole takes <paramref name="length"/>.</summary>
    internal double PartAt(TimeSpan now, TimeSpan length)
    {
        if (_begin is not { } begin || length <= TimeSpan.Zero || now - begin >= length)
        {
            return 1;
        }

        return Math.Max(0, (now - begin) / length);
    }
}
