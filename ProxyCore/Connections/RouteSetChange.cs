using ProxyCore.Connections.Counting;
using ProxyCore.Connections.Encrypting;
using ProxyCore.Connections.Faults;
using ProxyCore.Connections.Limiting;
using ProxyCore.Connections.Listening;
using ProxyCore.Connections.Pools;
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
    private readonly List<(RouteToxics Toxics, ValueList<ToxicSettings> Before, RouteSettings After)> _toxics = [];
    private bool _hasNewToxics;

    private RouteSetChange(RouteSet from, ProxySettings settings, GateChange gates)
    {
        Gates = gates;
        Target = from;
        _endpoints = new EndpointPlan(from.Endpoints);
        _drainTimeout = settings.DrainTimeout;
    }

    /// <summary>The change of the gates; to be applied, or abandoned.</summary>
    internal GateChange Gates { get; }

    /// <summary>The change of certificates; to be applied, or abandoned.</summary>
    internal TlsChange Tls { get; private set; } = TlsChange.None;

    /// <summary>The set of routes after the change.</summary>
    internal RouteSet Target { get; private set; }

    internal IReadOnlyList<BoundEndpoint> Added => _endpoints.Added;

    internal IReadOnlyList<BoundEndpoint> Removed => _endpoints.Removed;

    /// <summary>The listeners that close once their queues are empty.</summary>
    internal IReadOnlyList<Listener> RemovedListeners => _endpoints.RemovedListeners;

    /// <summary>Plans the change, and opens the new listeners.</summary>
    /// <param name="from">The routes as they are.</param>
    /// <param name="settings">The settings to change to.</param>
    /// <param name="shards">The shards, of which the first has the pools.</param>
    /// <param name="spread">How clients are distributed over several loops.</param>
    /// <param name="draining">Listeners that earlier changes have removed and that are not closed yet.</param>
    /// <param name="counters">The counters of all routes that there were.</param>
    /// <param name="makePool">Makes the pool of a new route.</param>
    /// <param name="makeToxics">Makes the toxics of a new route.</param>
    /// <param name="gates">Changes the gates.</param>
    /// <param name="tls">The TLS of the proxy.</param>
    /// <exception cref="ArgumentException">A list of clients or a certificate can't be read; nothing has changed.</exception>
    /// <exception cref="ListenException">An endpoint can't be listened on; nothing is open that was not before.</exception>
    internal static RouteSetChange Make(
        RouteSet from,
        ProxySettings settings,
        IReadOnlyList<Shard> shards,
        ClientSpread spread,
        IReadOnlyList<Listener> draining,
        ProxyCounters counters,
        Func<RouteSettings, RoutePool> makePool,
        Func<RouteToxics> makeToxics,
        GateChange gates,
        ProxyTls tls)
    {
        var change = new RouteSetChange(from, settings, gates);
        Route?[] continued = RouteMatching.Match(from, settings.Routes);
        Route[] routes =
        [
            .. settings.Routes.Zip(continued, (route, before) => before is null
                ? change.Add(route, CountersOf(route, before, counters, shards.Count), makePool, makeToxics())
                : change.Keep(route, CountersOf(route, before, counters, shards.Count), before)),
        ];
        HashSet<RoutePool> pools = [.. routes.Select(static route => route.Pool)];
        Route[] removed = [.. from.Routes.Values.Where(route => !pools.Contains(route.Pool))];
        change._removedPools.AddRange(removed.Select(static route => route.Pool));
        InheritedSockets inherited = InheritedSockets.Read(settings.InheritedSockets);
        inherited.RequireUse([.. settings.Routes.SelectMany(static route => route.Listen).Select(static listen => listen.Endpoint)]);
        gates.Prepare(from.Gate, settings, [.. routes.Select(static route => route.Gate)]);
        change._endpoints.Keep(routes);
        var binder = new ListenerBinder(
            [.. shards.Select(static shard => shard.Listeners)], spread, inherited, [.. change.RemovedListeners, .. draining]);
        try
        {
            change.Tls = tls.Prepare(settings);
            change.Target = new RouteSet(
                routes.ToDictionary(static route => route.Settings.Name),
                change._endpoints.Open(binder, shards),
                [.. removed, .. from.Former.Where(route => !pools.Contains(route.Pool) && route.Pool.IsInUse)],
                settings.Extensions)
            {
                Gate = from.Gate,
                HasConfiguredGates = HasGates(settings),
            };
        }
        catch
        {
            gates.Abandon();
            change.Tls.Abandon();
            throw;
        }

        return change;
    }

    /// <summary>Changes the toxics of the routes, before any loop does its part.</summary>
    /// <param name="lastConnection">The number of the last connection.</param>
    internal void ApplyToToxics(long lastConnection)
    {
        foreach ((RouteToxics toxics, ValueList<ToxicSettings> before, RouteSettings after) in _toxics)
        {
            toxics.Route = after.Name;
            _hasNewToxics |= toxics.Follow(before, after.Toxics, lastConnection);
        }
    }

    /// <summary>Does the part of <paramref name="shard"/>, on its loop.</summary>
    internal void ApplyTo(Shard shard)
    {
        shard.RouteSet = Target;
        if (shard.HasPools)
        {
            ApplyToPools();
            ApplyToBandwidths();
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

        if (_hasNewToxics)
        {
            shard.FollowToxics();
        }
    }

    /// <summary>Closes the new listeners of <paramref name="shards"/>, which will not do their part.</summary>
    internal void Abandon(IEnumerable<Shard> shards)
    {
        foreach (Shard shard in shards)
        {
            foreach (Listener listener in _endpoints.AddedListeners.Where(listener => listener.Set == shard.Listeners))
            {
                listener.Abandon();
            }
        }
    }

    private static bool HasGates(ProxySettings settings) =>
        settings.Access is not null || settings.ClientLimits is not null
        || settings.Routes.Any(static route => route.Access is not null || route.ClientLimits is not null);

    /// <summary>Counters belong to a name, as every series of statistics does; without names, to the route itself.</summary>
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
        return new Route(settings, before.Pool, counters)
        {
            Gate = before.Gate,
            Toxics = KeepToxics(before, settings),
            Bandwidth = RouteBandwidth.Continue(before.Bandwidth, settings.Bandwidth),
        };
    }

    private RouteToxics KeepToxics(Route before, RouteSettings settings)
    {
        _toxics.Add((before.Toxics, before.Settings.Toxics, settings));
        return before.Toxics;
    }

    private Route Add(RouteSettings settings, RouteCounters counters, Func<RouteSettings, RoutePool> makePool, RouteToxics toxics)
    {
        RoutePool pool = makePool(settings);
        _addedPools.Add(pool);
        _toxics.Add((toxics, [], settings));
        return new Route(settings, pool, counters)
        {
            Gate = new ClientGate(),
            Toxics = toxics,
            Bandwidth = RouteBandwidth.Continue(null, settings.Bandwidth),
        };
    }

    private void ApplyToBandwidths()
    {
        foreach (Route route in Target.Routes.Values)
        {
            if (route.Settings.Bandwidth is { } settings)
            {
                route.Bandwidth?.Use(settings);
            }
        }
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
