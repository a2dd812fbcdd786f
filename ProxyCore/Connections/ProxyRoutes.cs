using System.Net;
using ProxyCore.Connections.Encrypting;
using ProxyCore.Connections.Limiting;
using ProxyCore.Connections.Listening;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>The routes of a proxy as they are now, with their gates, counters and certificates. Any thread; changes come one at a time.</summary>
internal sealed class ProxyRoutes
{
    private readonly ProxyServices _services;
    private readonly RouteMaker _maker;
    private readonly Action _listsChanged;
    private readonly List<Listener> _draining = [];
    private volatile RouteSet _now = RouteSet.Empty;

    /// <param name="settings">What the proxy begins with.</param>
    /// <param name="services">What it is made with.</param>
    /// <param name="tls">Its certificates.</param>
    /// <param name="counters">What its routes do.</param>
    /// <param name="maker">Makes what a new route lives with.</param>
    /// <param name="listsChanged">Called when a list has changed by which clients are let in or denied.</param>
    internal ProxyRoutes(
        ProxySettings settings, ProxyServices services, ProxyTls tls, ProxyCounters counters, RouteMaker maker, Action listsChanged)
    {
        _services = services;
        _maker = maker;
        _listsChanged = listsChanged;
        Tls = tls;
        Counters = counters;
        Denied = new DeniedClients(_now.Gate, settings.MaxDenied, services.TimeProvider, services.Logger);
    }

    /// <summary>The routes as they are now.</summary>
    internal RouteSet Now => _now;

    /// <summary>The certificates, and what speaks TLS with them.</summary>
    internal ProxyTls Tls { get; }

    /// <summary>What all routes have done.</summary>
    internal ProxyCounters Counters { get; }

    /// <summary>The clients that are denied for a time.</summary>
    internal DeniedClients Denied { get; }

    /// <summary>The listeners of all loops, without those that drain.</summary>
    internal IEnumerable<Listener> Listeners => _now.Endpoints.SelectMany(static endpoint => endpoint.Listeners);

    /// <summary>The addresses that are listened on, each once.</summary>
    internal IReadOnlyList<EndPoint> Endpoints =>
        [.. Listeners.Where(listener => listener.Set == _maker.Shards[0].Listeners).Select(static listener => listener.LocalEndPoint)];

    /// <summary>Prepares a change, and opens the new listeners.</summary>
    /// <exception cref="ArgumentException">A list of clients or a certificate can't be read; nothing has changed.</exception>
    /// <exception cref="ListenException">An endpoint can't be listened on; nothing has changed.</exception>
    internal RouteSetChange Prepare(ProxySettings settings)
    {
        _draining.RemoveAll(static listener => listener.IsClosed);
        var gates = new GateChange(_services.TimeProvider, _services.Logger, _listsChanged);
        return RouteSetChange.Make(_now, settings, _maker, _services.Spread, _draining, Counters, gates, Tls);
    }

    /// <summary>Makes a change, as far as it does not concern the loops.</summary>
    /// <param name="change">The change.</param>
    /// <param name="settings">Where it leads.</param>
    /// <param name="lastConnection">The number of the last connection.</param>
    internal void Use(RouteSetChange change, ProxySettings settings, long lastConnection)
    {
        _draining.AddRange(change.RemovedListeners);
        Denied.Limit = settings.MaxDenied;
        Tls.Use(change.Tls);
        ClientGate[] before = [.. _now.Gates];
        change.Gates.Apply();
        change.FollowToxics(lastConnection);
        _now = change.Target;
        foreach (ClientGate gate in before.Except(_now.Gates))
        {
            gate.Close();
        }

        Counters.Use(_now.Routes.Values);
    }

    /// <summary>Tells the user's code that the health of an upstream has changed.</summary>
    internal void ReportStateChanged(UpstreamReport upstream)
    {
        if (_now.Extensions.ReportStateChanged(upstream) is { } exception)
        {
            _services.Logger.UpstreamObserverFailed(upstream.Route, upstream.Address, exception);
        }
    }

    /// <summary>The proxy ends: nothing looks at files or expires any more.</summary>
    internal void Close()
    {
        Denied.Close();
        foreach (ClientGate gate in _now.Gates)
        {
            gate.Close();
        }

        foreach (Route route in _now.Routes.Values.Concat(_now.Former))
        {
            route.Toxics.Close();
        }

        Tls.Dispose();
    }
}
