namespace ProxyCore.Cli.Admin;

/// <summary>The JSON of <c>/api/history</c>: the last hour, a list for each figure, the oldest first.</summary>
internal sealed record HistoryView(
    double StepSeconds,
    IEnumerable<long> Time,
    IEnumerable<long> Accepted,
    IEnumerable<long> Open,
    IEnumerable<long> BytesToUpstreams,
    IEnumerable<long> BytesToClients,
    IEnumerable<int> Queued,
    IEnumerable<long> Refused)
{
    internal static HistoryView Of(TimeSpan step, IReadOnlyList<HistoryPoint> points) => new(
        step.TotalSeconds,
        points.Select(static point => point.Time),
        points.Select(static point => point.Accepted),
        points.Select(static point => point.Open),
        points.Select(static point => point.BytesToUpstreams),
        points.Select(static point => point.BytesToClients),
        points.Select(static point => point.Queued),
        points.Select(static point => point.Refused));
}
