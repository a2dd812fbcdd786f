using Microsoft.Extensions.Logging;
using ProxyCore.Connections.Encrypting;
using ProxyCore.Connections.Faults;
using ProxyCore.Connections.Limiting;
using ProxyCore.Connections.Listening;
using ProxyCore.Connections.Pools;
using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>
/// A change from one set of routes to another: new listeners are open already, nothing else has happened yet. The start
/// is the change from the empty set.
/// </summary>
/// <remarks>
/// Made by any thread, which compares the settings: what the loops have to do are the steps, and there is none for what stays as it is.
/// How the loops do them: see <see cref="ChangeSpread"/>.
/// </remarks>
internal sealed class RouteSetChange
{
    private readonly RoutePlan _routes;
    private readonly EndpointPlan _endpoints;
    private readonly TimeSpan _drainTimeout;

    private RouteSetChange(RoutePlan routes, EndpointPlan endpoints, GateChange gates, TlsChange tls, RouteSet target, TimeSpan drainTimeout)
    {
        _routes = routes;
        _endpoints = endpoints;
        _drainTimeout = drainTimeout;
        Gates = gates;
        Tls = tls;
        Target = target;
    }

    /// <summary>The change of the gates; to be applied, or abandoned.</summary>
    internal GateChange Gates { get; }

    /// <summary>The change of certificates; to be applied, or abandoned.</summary>
    internal TlsChange Tls { get; }

    /// <summary>The set of routes after the change.</summary>
    internal RouteSet Target { get; }

    internal IReadOnlyList<BoundEndpoint> Added => _endpoints.Added;

    internal IReadOnlyList<BoundEndpoint> Removed => _endpoints.Removed;

    /// <summary>The listeners that close once their queues are empty.</summary>
    internal IReadOnlyCollection<Listener> RemovedListeners => _endpoints.RemovedListeners;

    /// <summary>The pools of new routes.</summary>
    internal IReadOnlyList<RoutePool> AddedPools => _routes.AddedPools;

    /// <summary>The toxics that have changed, once <see cref="FollowToxics"/> has changed them.</summary>
    internal IReadOnlyCollection<RouteToxics> ChangedToxics { get; private set; } = [];

    /// <summary>The first steps, on the loop of the pools: clients that come to a new route find its pool at work.</summary>
    internal IReadOnlyList<Action> PoolSteps => _routes.PoolSteps;

    /// <summary>The last steps, on the same loop, when no listener leads to the routes that go.</summary>
    internal IReadOnlyList<Action> LastSteps => [.. _routes.Removed.Select(static route => (Action)route.Pool.StopWhenUnused)];

    /// <summary>Plans the change, and opens the new listeners.</summary>
    /// <param name="from">The routes as they are.</param>
    /// <param name="settings">The settings to change to.</param>
    /// <param name="maker">Makes what a new route lives with, on the shards.</param>
    /// <param name="spread">How clients are distributed over several loops.</param>
    /// <param name="draining">Listeners that earlier changes have removed and that are not closed yet.</param>
    /// <param name="counters">The counters of all routes that there were.</param>
    /// <param name="gates">Changes the gates.</param>
    /// <param name="tls">The TLS of the proxy.</param>
    /// <exception cref="ArgumentException">A list of clients or a certificate can't be read; nothing has changed.</exception>
    /// <exception cref="ListenException">An endpoint can't be listened on; nothing is open that was not before.</exception>
    internal static RouteSetChange Make(
        RouteSet from,
        ProxySettings settings,
        RouteMaker maker,
        ClientSpread spread,
        IReadOnlyList<Listener> draining,
        ProxyCounters counters,
        GateChange gates,
        ProxyTls tls)
    {
        var routes = new RoutePlan(from, settings.Routes, counters, maker);
        InheritedSockets inherited = InheritedSockets.Read(settings.InheritedSockets);
        inherited.RequireUse([.. settings.Routes.SelectMany(static route => route.Listen).Select(static listen => listen.Endpoint)]);
        gates.Prepare(from.Gate, settings, [.. routes.Routes.Select(static route => route.Gate)]);
        var endpoints = new EndpointPlan(from.Endpoints);
        endpoints.Keep(routes.Routes);
        var binder = new ListenerBinder(
            [.. maker.Shards.Select(static shard => shard.Listeners)], spread, inherited, [.. endpoints.RemovedListeners, .. draining]);
        TlsChange tlsChange = TlsChange.None;
        try
        {
            tlsChange = tls.Prepare(settings);
            var target = new RouteSet(
                routes.Routes.ToDictionary(static route => route.Settings.Name),
                endpoints.Open(binder, maker.Shards),
                routes.Former,
                settings.Extensions)
            {
                Gate = from.Gate,
                HasConfiguredGates = HasGates(settings),
            };
            return new RouteSetChange(routes, endpoints, gates, tlsChange, target, settings.DrainTimeout);
        }
        catch
        {
            gates.Abandon();
            tlsChange.Abandon();
            throw;
        }
    }

    /// <summary>Changes the toxics of the routes, before any loop does its part.</summary>
    /// <param name="lastConnection">The number of the last connection.</param>
    internal void FollowToxics(long lastConnection) => ChangedToxics = _routes.FollowToxics(lastConnection);

    /// <summary>The steps of the loop of <paramref name="shard"/>: listeners lead to their routes, begin to accept, and close.</summary>
    internal IReadOnlyList<Action> ListenerStepsOf(Shard shard) =>
    [
        .. _endpoints.Led.Where(led => led.Listener.Set == shard.Listeners).Select(static led => (Action)led.Lead),
        .. _endpoints.AddedListeners.Where(added => added.Set == shard.Listeners)
            .Select(added => (Action)(() => shard.Listeners.Add(added))),
        .. _endpoints.RemovedListeners.Where(removed => removed.Set == shard.Listeners)
            .Select(removed => (Action)(() => shard.Listeners.Remove(removed, _endpoints.LingerOf(removed), _drainTimeout))),
    ];

    /// <summary>Says where it listens now, and did not before.</summary>
    internal void LogListening(ILogger logger)
    {
        foreach (BoundEndpoint endpoint in _endpoints.Added)
        {
            endpoint.LogListening(logger);
        }
    }

    /// <summary>Closes the new listeners that no loop has taken, and none will.</summary>
    internal void Abandon()
    {
        foreach (Listener listener in _endpoints.AddedListeners.Where(static added => !added.IsTaken))
        {
            listener.Abandon();
        }
    }

    private static bool HasGates(ProxySettings settings) =>
        settings.Access is not null || settings.ClientLimits is not null
        || settings.Routes.Any(static route => route.Access is not null || route.ClientLimits is not null);
}
