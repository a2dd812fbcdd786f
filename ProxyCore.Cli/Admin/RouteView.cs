namespace ProxyCore.Cli.Admin;

/// <summary>A route and its upstreams.</summary>
internal sealed record RouteView(
    string Name,
    IReadOnlyList<string> Endpoints,
    string Balancing,
    int Queued,
    StatisticsView Statistics,
    IEnumerable<UpstreamView> Upstreams,
    IEnumerable<ToxicView>? Toxics = null,
    string? Trouble = null)
{
    /// <param name="route">The route.</param>
    /// <param name="toxics">Its toxics, with those that are switched off.</param>
    internal static RouteView Of(RouteSnapshot route, IEnumerable<ToxicView> toxics) => new(
        route.Name,
        route.Endpoints,
        route.Balancing,
        route.Queued,
        StatisticsView.Of(route.Statistics),
        route.Upstreams.Select(UpstreamView.Of),
        toxics,
        Admin.Trouble.Of(route));
}
