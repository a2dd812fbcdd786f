using ProxyCore.Connections.Pools;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Statistics;

/// <summary>The upstreams of the routes in use, and of removed routes that still have connections. Any thread.</summary>
internal static class UpstreamSums
{
    /// <summary>A figure of each upstream, by route and address. Equal names of removed routes are added up.</summary>
    internal static IEnumerable<(string Route, string Address, long Value)> Read(RouteSet routes, Func<PoolMember, long> figure) =>
        from pool in Pools(routes)
        from member in pool.Known.Members
        group figure(member) by (pool.Route, member.Address) into same
        select (same.Key.Route, same.Key.Address, same.Sum());

    /// <summary>Whether each upstream of the routes in use gets connections.</summary>
    /// <returns>Also whether an operator or a weight of 0 keeps them from it.</returns>
    internal static IEnumerable<(string Route, string Address, bool IsUp, bool IsTakenOut)> ReadStates(RouteSet routes)
    {
        foreach (Route route in routes.Routes.Values)
        {
            KnownUpstreams known = route.Pool.Known;
            foreach (PoolMember member in known.Members)
            {
                yield return (route.Settings.Name, member.Address, member.State == UpstreamState.Up && member.IsInService, !member.IsInService);
            }

            foreach (UnresolvedUpstream upstream in known.Unresolved)
            {
                yield return (route.Settings.Name, upstream.Address, false, upstream.IsTakenOut);
            }
        }
    }

    /// <summary>The clients in the queue, by route.</summary>
    internal static IEnumerable<(string Route, long Queued)> ReadQueued(RouteSet routes) =>
        from route in NamedRoutes(routes)
        group (long)route.Route.Pool.Queued by route.Name into same
        select (same.Key, same.Sum());

    private static IEnumerable<(string Route, KnownUpstreams Known)> Pools(RouteSet routes) =>
        NamedRoutes(routes).Select(static route => (route.Name, route.Route.Pool.Known));

    private static IEnumerable<(string Name, Route Route)> NamedRoutes(RouteSet routes) =>
        routes.Routes.Values.Select(static route => (route.Settings.Name, route))
            .Concat(routes.Former.Select(static route => (route.Settings.IsNamed ? route.Settings.Name : ProxyCounters.RemovedName, route)));
}
