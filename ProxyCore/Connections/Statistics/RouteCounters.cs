namespace ProxyCore.Connections.Statistics;

/// <summary>What one route has done: counters for each loop. They outlive the route, see <see cref="ProxyCounters"/>.</summary>
internal sealed class RouteCounters
{
    private readonly TrafficCounters[] _loops;

    internal RouteCounters(int loops)
    {
        _loops = new TrafficCounters[loops];
        for (int loop = 0; loop < loops; loop++)
        {
            _loops[loop] = new TrafficCounters();
        }
    }

    /// <summary>Those of one loop, counted from 0.</summary>
    internal TrafficCounters this[int loop] => _loops[loop];

    /// <summary>Adds all of them to <paramref name="sum"/>. Any thread.</summary>
    internal void AddTo(TrafficSum sum)
    {
        foreach (TrafficCounters loop in _loops)
        {
            loop.AddTo(sum);
        }
    }
}
