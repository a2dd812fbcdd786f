namespace ProxyCore.Cli.Admin;

/// <summary>The statistics of the whole proxy.</summary>
internal sealed record ProxyStatisticsView(
    long Accepted,
    long Active,
    long BytesToUpstreams,
    long BytesToClients,
    long AccessLogDropped,
    IReadOnlyDictionary<string, long> Ended,
    long Refused = 0)
{
    internal static ProxyStatisticsView Of(ProxySnapshot snapshot) => new(
        snapshot.Statistics.Accepted,
        snapshot.Statistics.Active,
        snapshot.Statistics.BytesToUpstreams,
        snapshot.Statistics.BytesToClients,
        snapshot.Statistics.AccessLogDropped,
        StatisticsView.Names(snapshot.Statistics.Ended),
        RefusedOf(snapshot.Statistics));

    /// <summary>How many clients got no upstream to try.</summary>
    internal static long RefusedOf(TcpProxyStatistics statistics) =>
        statistics.Ended.Where(static one => EndReasons.IsRefusal(one.Key)).Sum(static one => one.Value);
}
