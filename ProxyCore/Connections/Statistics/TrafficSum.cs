namespace ProxyCore.Connections.Statistics;

/// <summary>A sum of the counters of loops and routes. Belongs to one caller.</summary>
internal sealed class TrafficSum
{
    /// <summary>How many <see cref="EndReason"/>s there are.</summary>
    internal static int Reasons { get; } = Enum.GetValues<EndReason>().Length;

    internal long Accepted { get; set; }

    internal long BytesToUpstreams { get; set; }

    internal long BytesToClients { get; set; }

    /// <summary>How many have ended, by <see cref="EndReason"/>.</summary>
    internal long[] Ended { get; } = new long[Reasons];

    internal long Active => Accepted - Ended.Sum();

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
        sum.BytesToUpstreams += BytesToUpstreams;
        sum.BytesToClients += BytesToClients;
        for (int reason = 0; reason < Reasons; reason++)
        {
            sum.Ended[reason] += Ended[reason];
        }
    }

    /// <param name="accessLogDropped">The number of connections that are missing from the access log.</param>
    internal TcpProxyStatistics ToStatistics(long accessLogDropped = 0) =>
        new(Accepted, BytesToUpstreams, BytesToClients, Ended, accessLogDropped);
}
