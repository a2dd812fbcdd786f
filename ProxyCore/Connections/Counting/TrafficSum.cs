namespace ProxyCore.Connections.Counting;

/// <summary>A sum of the counters of loops and routes. Belongs to one caller.</summary>
internal sealed class TrafficSum
{
    internal long Accepted { get; set; }

    /// <summary>How many clients are open that have no route yet: they do not count as accepted until they have one, or end.</summary>
    internal long Opening { get; set; }

    internal long BytesToUpstreams { get; set; }

    internal long BytesToClients { get; set; }

    /// <summary>How many have ended, by <see cref="EndReason"/>.</summary>
    internal EndCounts Ended { get; } = new();

    internal long Active => Accepted + Opening - Ended.Sum();

    internal static TrafficSum Of(IEnumerable<RouteCounters> routes)
    {
        var sum = new TrafficSum();
        foreach (RouteCounters route in routes)
        {
            route.AddTo(sum);
        }

        return sum;
    }

    internal void AddTo(TrafficSum sum)
    {
        sum.Accepted += Accepted;
        sum.Opening += Opening;
        sum.BytesToUpstreams += BytesToUpstreams;
        sum.BytesToClients += BytesToClients;
        Ended.AddTo(sum.Ended);
    }

    /// <param name="accessLogDropped">The number of connections that are missing from the access log.</param>
    /// <param name="accessLogLeftOut">The number of refused clients that are missing from it.</param>
    internal TcpProxyStatistics ToStatistics(long accessLogDropped = 0, long accessLogLeftOut = 0) =>
        new()
        {
            Accepted = Accepted + Opening,
            BytesToUpstreams = BytesToUpstreams,
            BytesToClients = BytesToClients,
            Ended = Ended.ToDictionary(),
            AccessLogDropped = accessLogDropped,
            AccessLogLeftOut = accessLogLeftOut,
        };
}
