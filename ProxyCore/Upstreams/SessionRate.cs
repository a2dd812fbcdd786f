namespace ProxyCore.Upstreams;

/// <summary>How many connections an upstream gets in a second: in the last one that is over, and the most in any.</summary>
/// <remarks>
/// It has no clock: callers give the time, in ticks of 100 ns. The thread of the pool counts; any thread may read, and sees
/// figures that are not quite of one moment.
/// </remarks>
internal sealed class SessionRate
{
    private long _second;
    private int _current;
    private int _last;
    private int _peak;

    /// <summary>The most in any second.</summary>
    internal int Peak => Volatile.Read(ref _peak);

    /// <summary>The upstream has got a connection.</summary>
    internal void Count(long now)
    {
        long second = now / TimeSpan.TicksPerSecond;
        if (second != _second)
        {
            _last = second == _second + 1 ? _current : 0;
            _current = 0;
            Volatile.Write(ref _second, second);
        }

        _current++;
        if (_current > _peak)
        {
            Volatile.Write(ref _peak, _current);
        }
    }

    /// <summary>How many it got in the last second that is over at <paramref name="now"/>.</summary>
    internal int At(long now) => ((now / TimeSpan.TicksPerSecond) - Volatile.Read(ref _second)) switch
    {
        0 => _last,
        1 => _current,
        _ => 0,
    };
}
