namespace ProxyCore.Cli.Admin;

/// <summary>How much of the proxy is in trouble.</summary>
/// <param name="Routes">The routes that are down or degraded.</param>
/// <param name="RoutesDown">Those of them that are down.</param>
/// <param name="Upstreams">The upstreams that do not serve though they should.</param>
/// <param name="Queued">The clients that wait in queues.</param>
internal sealed record TroubleView(int Routes, int RoutesDown, int Upstreams, int Queued)
{
    internal static TroubleView Of(IReadOnlyList<RouteSnapshot> routes)
    {
        string[] troubled = [.. routes.Select(Trouble.Of).OfType<string>()];
        return new TroubleView(
            troubled.Length,
            troubled.Count(static one => one == Trouble.Down),
            routes.Sum(static route => route.Upstreams.Count(Trouble.Has)),
            routes.Sum(static route => route.Queued));
    }
}
