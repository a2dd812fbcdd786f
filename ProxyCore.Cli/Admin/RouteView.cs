namespace ProxyCore.Cli.Admin;

/// <summary>A route and its upstreams.</summary>
internal sealed record RouteView(
    string Name,
    IReadOnlyList<string> Endpoints,
    string Balancing,
    int Queued,
    StatisticsView Statistics,
    IEnumerable<UpstreamView> Upstreams)
{
    internal static RouteView Of(RouteSnapshot route) => new(
        route.Name,
        route.Endpoints,
        route.Balancing,
        route.Queued,
        StatisticsView.Of(route.Statistics),
        route.Upstreams.Select(UpstreamView.Of));
}
