namespace ProxyCore.Connections.Statistics;

/// <summary>What all routes of a proxy have done, those that are gone included. Any thread may read.</summary>
/// <remarks>
/// A route that is gone counts on until its last connection has ended. Then its figures are added to one sum, at a later
/// change: a client may still be on its way from the loop that accepted it to the one that counts it.
/// </remarks>
internal sealed class ProxyCounters
{
    private volatile Counted _counted = new([], [], new TrafficSum());

    /// <summary>The routes are others from now on. One caller at a time.</summary>
    internal void Use(IEnumerable<RouteCounters> routes)
    {
        Counted before = _counted;
        RouteCounters[] now = [.. routes];
        RouteCounters[] over = [.. before.Gone.Where(static route => TrafficSum.Of([route]).Active == 0)];
        TrafficSum past = TrafficSum.Of(over);
        before.Past.AddTo(past);
        _counted = new Counted(now, [.. before.Gone.Except(over), .. before.Now.Except(now)], past);
    }

    internal TrafficSum Read()
    {
        Counted counted = _counted;
        TrafficSum sum = TrafficSum.Of(counted.Now.Concat(counted.Gone));
        counted.Past.AddTo(sum);
        return sum;
    }

    private sealed record Counted(IReadOnlyList<RouteCounters> Now, IReadOnlyList<RouteCounters> Gone, TrafficSum Past);
}
