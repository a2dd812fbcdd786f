namespace ProxyCore.Connections.Counting;

/// <summary>The counters of one route, on each loop. They outlive the route, see <see cref="ProxyCounters"/>.</summary>
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

    /// <summary>The counters on one loop; the first loop is 0.</summary>
    internal TrafficCounters this[int loop] => _loops[loop];

    /// <summary>How many connections are open. Any thread.</summary>
    internal long Active => _loops.Sum(static loop => loop.Active);

    /// <summary>Adds the counters of all loops to <paramref name="sum"/>. Any thread.</summary>
    internal void AddTo(TrafficSum sum)
    {
        foreach (TrafficCounters loop in _loops)
        {
            loop.AddTo(sum);
        }
    }
}
