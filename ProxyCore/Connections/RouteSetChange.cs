using ProxyCore.Connections.Listening;
using ProxyCore.Connections.Pools;
using ProxyCore.Connections.Statistics;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections;

/// <summary>
/// The way from one set of routes to another: what is new is bound already, nothing else has happened yet. The start is
/// the way from the empty set.
/// </summary>
/// <remarks>Made by any thread. Each shard then does its part, as one step of its loop.</remarks>
internal sealed class RouteSetChange
{
    private readonly List<BoundEndpoint> _kept = [];
    private readonly List<BoundEndpoint> _added = [];
    private readonly List<BoundEndpoint> _removed = [];
    private readonly List<(RoutePool Pool, RouteSettings Settings, IBalancingPolicy? Policy)> _keptPools = [];
    private readonly List<RoutePool> _addedPools = [];
    private readonly List<RoutePool> _removedPools = [];

    private RouteSetChange(RouteSet target) => Target = target;

    /// <summary>Where it leads.</summary>
    internal RouteSet Target { get; private set; }

    internal IReadOnlyList<BoundEndpoint> Added => _added;

    internal IReadOnlyList<BoundEndpoint> Removed => _removed;

    /// <summary>Finds the way, and binds what is new.</summary>
    /// <param name="from">What there is.</param>
    /// <param name="settings">What there is to be.</param>
    /// <param name="shards">The shards, of which the first has the pools.</param>
    /// <param name="spread">How clients come to several loops.</param>
    /// <param name="counters">The counters of all routes that there were.</param>
    /// <param name="makePool">Makes the pool of a new route.</param>
    /// <exception cref="ListenException">An endpoint can't be listened on; nothing is open that was not before.</exception>
    internal static RouteSetChange Make(
        RouteSet from,
        ProxySettings settings,
        IReadOnlyList<Shard> shards,
        ClientSpread spread,
        ProxyCounters counters,
        Func<RouteSettings, RoutePool> makePool)
    {
        var change = new RouteSetChange(from);
        Route?[] continued = RouteMatching.Match(from, settings.Routes);
        Route[] routes =
        [
            .. settings.Routes.Zip(continued, (route, before) => before is null
                ? change.Add(route, CountersOf(route, before, counters, shards.Count), makePool)
                : change.Keep(route, CountersOf(route, before, counters, shards.Count), before)),
        ];
        HashSet<RoutePool> pools = [.. routes.Select(static route => route.Pool)];
        Route[] removed = [.. from.Routes.Values.Where(route => !pools.Contains(route.Pool))];
        change._removedPools.AddRange(removed.Select(static route => route.Pool));
        try
        {
            change.Target = new RouteSet(
                routes.ToDictionary(static route => route.Settings.Name),
                change.Bind(from, routes, settings, shards, spread),
                [.. removed, .. from.Former.Where(route => !pools.Contains(route.Pool) && route.Pool.IsInUse)],
                settings.Extensions);
            return change;
        }
        catch
        {
            change.Discard(shards);
            throw;
        }
    }

    /// <summary>Does the part of <paramref name="shard"/>, on its loop.</summary>
    internal void ApplyTo(Shard shard)
    {
        shard.RouteSet = Target;
        if (shard.HasPools)
        {
            ApplyToPools();
        }

        foreach ((Listener listener, Route route) in ListenersOf(shard, _kept))
        {
            listener.Lead(route);
        }

        foreach ((Listener listener, _) in ListenersOf(shard, _added))
        {
            shard.Listeners.Add(listener);
        }

        foreach ((Listener listener, _) in ListenersOf(shard, _removed))
        {
            shard.Listeners.Remove(listener);
        }
    }

    /// <summary>Closes what is new and was to be for <paramref name="shards"/>, which will not do their part.</summary>
    internal void Discard(IEnumerable<Shard> shards)
    {
        foreach ((Listener listener, _) in shards.SelectMany(shard => ListenersOf(shard, _added)))
        {
            listener.Discard();
        }
    }

    private static IEnumerable<(Listener Listener, Route Route)> ListenersOf(Shard shard, List<BoundEndpoint> endpoints) =>
        from endpoint in endpoints
        from listener in endpoint.Listeners
        where listener.Shard == shard
        select (listener, endpoint.Route);

    /// <summary>Counters belong to a name, as every series of figures does; without names, to the route itself.</summary>
    private static RouteCounters CountersOf(RouteSettings settings, Route? before, ProxyCounters counters, int loops)
    {
        bool hasSameName = before is not null
            && (before.Settings.Name == settings.Name || !(before.Settings.IsNamed || settings.IsNamed));
        return (hasSameName ? before!.Counters : settings.IsNamed ? counters.FindRemoved(settings.Name) : null)
            ?? new RouteCounters(loops);
    }

    private Route Keep(RouteSettings settings, RouteCounters counters, Route before)
    {
        bool keepsPolicy = before.Settings.Pool.HasSamePolicyAs(settings.Pool);
        _keptPools.Add((before.Pool, settings, keepsPolicy ? null : BuiltInPolicies.Create(settings.Pool)));
        return new Route(settings, before.Pool, counters);
    }

    private Route Add(RouteSettings settings, RouteCounters counters, Func<RouteSettings, RoutePool> makePool)
    {
        RoutePool pool = makePool(settings);
        _addedPools.Add(pool);
        return new Route(settings, pool, counters);
    }

    private List<BoundEndpoint> Bind(RouteSet from, Route[] routes, ProxySettings settings, IReadOnlyList<Shard> shards, ClientSpread spread)
    {
        var bound = new List<BoundEndpoint>();
        (string Identity, ProxyEndpoint Endpoint, Route Route)[] wanted =
        [
            .. from route in routes
               from listen in route.Settings.Listen.Select(static (listen, index) => (endpoint: listen.Endpoint, index))
               select (BoundEndpoint.IdentityOf(route.Settings, listen.endpoint, listen.index), listen.endpoint, route),
        ];
        HashSet<string> identities = [.. wanted.Select(static one => one.Identity)];
        ILookup<bool, BoundEndpoint> stays = from.Endpoints.ToLookup(
            endpoint => identities.Contains(endpoint.Identity) || identities.Contains(endpoint.BoundIdentity));
        _removed.AddRange(stays[false]);
        InheritedSockets inherited = InheritedSockets.Read(settings.InheritedSockets);
        inherited.RequireUse([.. wanted.Select(static one => one.Endpoint)]);
        var spreading = new ClientSpreading(
            shards, spread, inherited, [.. _removed.SelectMany(static endpoint => endpoint.Listeners)]);
        foreach ((string identity, ProxyEndpoint endpoint, Route route) in wanted)
        {
            BoundEndpoint? existing = stays[true].FirstOrDefault(one => one.Identity == identity || one.BoundIdentity == identity);
            BoundEndpoint one = existing is not null
                ? existing with { Identity = identity, Route = route }
                : new BoundEndpoint(identity, endpoint, route, spreading.Bind(route, endpoint));
            (existing is not null ? _kept : _added).Add(one);
            bound.Add(one);
        }

        return bound;
    }

    private void ApplyToPools()
    {
        foreach ((RoutePool pool, RouteSettings settings, IBalancingPolicy? policy) in _keptPools)
        {
            pool.Use(settings, policy);
        }

        _removedPools.ForEach(static pool => pool.StopWhenUnused());
        _addedPools.ForEach(static pool => pool.Start());
    }
}
