namespace ProxyCore.Cli.Admin;

/// <summary>The statistics of a route.</summary>
internal sealed record StatisticsView(
    long Accepted, long Active, long BytesToUpstreams, long BytesToClients, IReadOnlyDictionary<string, long> Ended)
{
    internal static StatisticsView Of(TcpProxyStatistics statistics) => new(
        statistics.Accepted,
        statistics.Active,
        statistics.BytesToUpstreams,
        statistics.BytesToClients,
        Names(statistics.Ended));

    internal static IReadOnlyDictionary<string, long> Names(IReadOnlyDictionary<EndReason, long> ended) =>
        ended.ToDictionary(static entry => entry.Key.ToString(), static entry => entry.Value);
}
