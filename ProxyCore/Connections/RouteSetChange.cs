using ProxyCore.Connections.Listening;
using ProxyCore.Connections.Pools;
using ProxyCore.Connections.Statistics;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections;

/// <summary>
/// A change from one set of routes to another: new listeners are open already, nothing else has happened yet. The start
/// is the change from the empty set.
/// </summary>
/// <remarks>Made by any thread. Each shard then does its part, as one step of its loop.</remarks>
internal sealed class RouteSetChange
{
    // For handshakes that began before the new listener took over: longer than a round trip around the world, shorter
    // than an operator notices.
    private static readonly TimeSpan _handshakeTime = TimeSpan.FromMilliseconds(200);

    private readonly EndpointPlan _endpoints;
    private readonly TimeSpan _drainTimeout;
    private readonly List<(RoutePool Pool, RouteSettings Settings, IBalancingPolicy? Policy)> _keptPools = [];
    private readonly List<RoutePool> _addedPools = [];
    private readonly List<RoutePool> _removedPools = [];

    private RouteSetChange(RouteSet from, ProxySettings settings)
    {
        Target = from;
        _endpoints = new EndpointPlan(from.Endpoints);
        _drainTimeout = settings.DrainTimeout;
    }

    /// <summary>The set of routes after the change.</summary>
    internal RouteSet Target { get; private set; }

    internal IReadOnlyList<BoundEndpoint> Added => _endpoints.Added;

    internal IReadOnlyList<BoundEndpoint> Removed => _endpoints.Removed;

    /// <summary>Plans the change, and opens the new listeners.</summary>
    /// <param name="from">The routes as they are.</param>
    /// <param name="settings">The settings to change to.</param>
    /// <param name="shards">The shards, of which the first has the pools.</param>
    /// <param name="spread">How clients are distributed over several loops.</param>
    /// <param name="makePool">Makes the pool of a new route.</param>
    /// <exception cref="ListenException">An endpoint can't be listened on; nothing is open that was not before.</exception>
    internal static RouteSetChange Make(
        RouteSet from, ProxySettings settings, IReadOnlyList<Shard> shards, ClientSpread spread, Func<RouteSettings, RoutePool> makePool)
    {
        var change = new RouteSetChange(from, settings);
        Route[] routes = [.. settings.Routes.Select(route => change.Find(from, route, makePool, shards.Count))];
        change._removedPools.AddRange(from.Routes.Values.Select(static route => route.Pool).Except(routes.Select(static route => route.Pool)));
        InheritedSockets inherited = InheritedSockets.Read(settings.InheritedSockets);
        inherited.RequireUse([.. settings.Routes.SelectMany(static route => route.Listen)]);
        change._endpoints.Keep(routes);
        var binder = new ListenerBinder(
            [.. shards.Select(static shard => shard.Listeners)], spread, inherited, change._endpoints.RemovedListeners);
        change.Target = new RouteSet(
            routes.ToDictionary(static route => route.Settings.Name),
            change._endpoints.Open(binder, shards),
            settings.Extensions);
        return change;
    }

    /// <summary>Does the part of <paramref name="shard"/>, on its loop.</summary>
    internal void ApplyTo(Shard shard)
    {
        shard.RouteSet = Target;
        if (shard.HasPools)
        {
            ApplyToPools();
        }

        _endpoints.Lead(shard);
        foreach (Listener listener in _endpoints.AddedListeners.Where(listener => listener.Set == shard.Listeners))
        {
            shard.Listeners.Add(listener);
        }

        foreach (Listener listener in _endpoints.RemovedListeners.Where(listener => listener.Set == shard.Listeners))
        {
            TimeSpan linger = _endpoints.HasSuccessor(listener) ? _handshakeTime : TimeSpan.Zero;
            shard.Listeners.Remove(listener, linger, _drainTimeout);
        }
    }

    /// <summary>Closes the new listeners of <paramref name="shards"/>, which will not do their part.</summary>
    internal void Discard(IEnumerable<Shard> shards)
    {
        foreach (Shard shard in shards)
        {
            foreach (Listener listener in _endpoints.AddedListeners.Where(listener => listener.Set == shard.Listeners))
            {
                listener.Discard();
            }
        }
    }

    private Route Find(RouteSet from, RouteSettings settings, Func<RouteSettings, RoutePool> makePool, int loops)
    {
        if (from.Routes.TryGetValue(settings.Name, out Route? before))
        {
            PoolSettings pool = settings.Pool;
            bool keepsPolicy = before.Settings.Pool.HasSamePolicyAs(pool);
            _keptPools.Add((before.Pool, settings, keepsPolicy ? null : BuiltInPolicies.Create(pool)));
            return new Route(settings, before.Pool, before.Counters);
        }

        RoutePool added = makePool(settings);
        _addedPools.Add(added);
        return new Route(settings, added, new RouteCounters(loops));
    }

    private void ApplyToPools()
    {
        foreach ((RoutePool pool, RouteSettings settings, IBalancingPolicy? policy) in _keptPools)
        {
            pool.Use(settings, policy);
        }

        _removedPools.ForEach(static pool => pool.Stop());
        _addedPools.ForEach(static pool => pool.Start());
    }
}
