using ProxyCore.Connections.Counting;
using ProxyCore.Connections.Faults;
using ProxyCore.Connections.Limiting;
using ProxyCore.Connections.Pools;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections;

/// <summary>
/// Finds out what a change of the configuration means for each route: whether it is new, continues one in another way, stays as it is, or
/// goes. Made for one change, by any thread; it changes nothing yet.
/// </summary>
/// <remarks>A route that stays as it is stays the same object: no loop has anything to do for it, however many there are.</remarks>
internal sealed class RoutePlan
{
    private readonly RouteSet _from;
    private readonly ProxyCounters _counters;
    private readonly RouteMaker _maker;
    private readonly List<RoutePool> _added = [];
    private readonly List<Action> _poolSteps = [];
    private readonly List<(RouteToxics Toxics, ValueList<ToxicSettings> Before, RouteSettings After)> _toxics = [];

    /// <param name="from">The routes as they are.</param>
    /// <param name="wanted">The settings to change to.</param>
    /// <param name="counters">The counters of all routes that there were.</param>
    /// <param name="maker">Makes what a new route lives with.</param>
    internal RoutePlan(RouteSet from, IReadOnlyList<RouteSettings> wanted, ProxyCounters counters, RouteMaker maker)
    {
        _from = from;
        _counters = counters;
        _maker = maker;
        Routes = [.. wanted.Zip(RouteMatching.Match(from, wanted), (route, before) => before is null ? Add(route) : Continue(route, before))];
        HashSet<RoutePool> pools = [.. Routes.Select(static route => route.Pool)];
        Removed = [.. from.Routes.Values.Where(route => !pools.Contains(route.Pool))];
        Former = [.. Removed, .. from.Former.Where(route => !pools.Contains(route.Pool) && route.Pool.IsInUse)];
    }

    /// <summary>The routes after the change, in the order of the settings.</summary>
    internal IReadOnlyList<Route> Routes { get; }

    /// <summary>Those that go.</summary>
    internal IReadOnlyList<Route> Removed { get; }

    /// <summary>Those that are gone, as long as their pools are in use; the one that was removed last comes first.</summary>
    internal IReadOnlyList<Route> Former { get; }

    /// <summary>The pools of new routes, which are to be started.</summary>
    internal IReadOnlyList<RoutePool> AddedPools => _added;

    /// <summary>What the loop of the pools does, a step for each route that is new or has changed.</summary>
    internal IReadOnlyList<Action> PoolSteps => _poolSteps;

    /// <summary>Changes the toxics of the routes; returns those that have changed.</summary>
    /// <param name="lastConnection">The number of the last connection.</param>
    internal HashSet<RouteToxics> FollowToxics(long lastConnection)
    {
        var changed = new HashSet<RouteToxics>();
        foreach ((RouteToxics toxics, ValueList<ToxicSettings> before, RouteSettings after) in _toxics)
        {
            toxics.Route = after.Name;
            if (toxics.Follow(before, after.Toxics, lastConnection))
            {
                changed.Add(toxics);
            }
        }

        return changed;
    }

    private Route Continue(RouteSettings settings, Route before)
    {
        // What was set by hand there is to be said again, see RoutePool.Use. A route that was removed does not work any more.
        bool isInUse = ReferenceEquals(_from.Routes.GetValueOrDefault(before.Settings.Name), before);
        return isInUse && before.Settings.SaysTheSameAs(settings) && !before.Pool.IsSetByHand ? before : Change(settings, before);
    }

    private Route Change(RouteSettings settings, Route before)
    {
        var route = new Route(settings, before.Pool, CountersOf(settings, before))
        {
            Gate = before.Gate,
            Toxics = before.Toxics,
            Bandwidth = RouteBandwidth.Continue(before.Bandwidth, settings.Bandwidth),
        };
        IBalancingPolicy? policy = before.Settings.Pool.HasSamePolicyAs(settings.Pool) ? null : BuiltInPolicies.Create(settings.Pool);
        _toxics.Add((before.Toxics, before.Settings.Toxics, settings));
        _poolSteps.Add(() =>
        {
            route.Pool.Use(settings, policy);
            if (settings.Bandwidth is { } bandwidth)
            {
                route.Bandwidth?.Use(bandwidth);
            }
        });
        return route;
    }

    private Route Add(RouteSettings settings)
    {
        RoutePool pool = _maker.MakePool(settings);
        RouteToxics toxics = _maker.MakeToxics();
        _added.Add(pool);
        _toxics.Add((toxics, [], settings));
        _poolSteps.Add(pool.Start);
        return new Route(settings, pool, CountersOf(settings, before: null))
        {
            Gate = new ClientGate(),
            Toxics = toxics,
            Bandwidth = RouteBandwidth.Continue(null, settings.Bandwidth),
        };
    }

    /// <summary>Counters belong to a name, as every series of statistics does; without names, to the route itself.</summary>
    private RouteCounters CountersOf(RouteSettings settings, Route? before)
    {
        bool hasSameName = before is not null
            && (before.Settings.Name == settings.Name || !(before.Settings.IsNamed || settings.IsNamed));
        return (hasSameName ? before!.Counters : settings.IsNamed ? _counters.FindRemoved(settings.Name) : null)
            ?? new RouteCounters(_maker.Shards.Count);
    }
}
