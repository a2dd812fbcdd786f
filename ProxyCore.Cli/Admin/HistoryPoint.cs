namespace ProxyCore.Cli.Admin;

/// <summary>The figures of a proxy at one moment of the last hour. All but open connections and the queue count from the start.</summary>
/// <param name="Time">When, in milliseconds since 1970.</param>
/// <param name="Accepted">The clients that were accepted.</param>
/// <param name="Open">The open connections.</param>
/// <param name="BytesToUpstreams">The bytes that were sent to upstreams.</param>
/// <param name="BytesToClients">The bytes that were sent to clients.</param>
/// <param name="Queued">The clients in queues.</param>
/// <param name="Refused">The clients that got no upstream to try.</param>
internal readonly record struct HistoryPoint(
    long Time, long Accepted, long Open, long BytesToUpstreams, long BytesToClients, int Queued, long Refused)
{
    internal static HistoryPoint Of(ProxySnapshot now) => new(
        now.Time.ToUnixTimeMilliseconds(),
        now.Statistics.Accepted,
        now.Statistics.Active,
        now.Statistics.BytesToUpstreams,
        now.Statistics.BytesToClients,
        now.Routes.Sum(static route => route.Queued),
        ProxyStatisticsView.RefusedOf(now.Statistics));
}
