namespace ProxyCore.Cli.Admin;

/// <summary>The statistics of the whole proxy.</summary>
internal sealed record ProxyStatisticsView(
    long Accepted,
    long Active,
    long BytesToUpstreams,
    long BytesToClients,
    long AccessLogDropped,
    IReadOnlyDictionary<string, long> Ended)
{
    internal static ProxyStatisticsView Of(ProxySnapshot snapshot) => new(
        snapshot.Statistics.Accepted,
        snapshot.Statistics.Active,
        snapshot.Statistics.BytesToUpstreams,
        snapshot.Statistics.BytesToClients,
        snapshot.Statistics.AccessLogDropped,
        StatisticsView.Names(snapshot.Statistics.Ended));
}
