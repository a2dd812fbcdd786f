using System.Net;
using Microsoft.Extensions.Logging;
using ProxyCore.Access;
using ProxyCore.Connections.Encrypting;
using ProxyCore.Connections.Faults;
using ProxyCore.Connections.Limiting;
using ProxyCore.Connections.Listening;
using ProxyCore.Connections.Pools;
using ProxyCore.Connections.Reporting;
using ProxyCore.Connections.Sockets;
using ProxyCore.Diagnostics;
using ProxyCore.Relay;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections;

/// <summary>All shards of a proxy: they are bound, started, changed, drained and ended as one. Any thread.</summary>
internal sealed class ShardGroup
{
    private readonly ProxyServices _services;
    private readonly SharedLookups<IPAddress[]> _lookups;
    private readonly ConnectionSlots _slots;
    private readonly PendingBudget _budget;
    private volatile RouteSet _routes = RouteSet.Empty;
    private readonly List<Listener> _draining = [];
    private IReadOnlyList<string> _warnings = [];
    private TimeSpan _drainTimeout;
    private int _stillListening;
    private int _isDraining;
    private int _isCutting;

    /// <summary>Makes the shards; nothing is bound yet.</summary>
    internal ShardGroup(ProxySettings settings, ProxyServices services, ConnectionEvents events)
    {
        _services = services;
        _lookups = new SharedLookups<IPAddress[]>(services.Lookup.Invoke);
        _slots = new ConnectionSlots(DescriptorLimit.MaxConnections(settings));
        _budget = new PendingBudget(settings.MaxPendingBytes);
        _drainTimeout = settings.DrainTimeout;
        _stillListening = settings.Loops;
        Counters = new ProxyCounters(settings.Loops);
        Denied = new DeniedClients(_routes.Gate, settings.MaxDenied, services.TimeProvider, services.Logger);
        Tls = new ProxyTls(services.TimeProvider, services.Logger, AnswerAsync);
        Shards = MakeShards(settings, events);
        Ended = EndAsync();
    }

    internal IReadOnlyList<Shard> Shards { get; }

    /// <summary>Its certificates, and what speaks TLS with them.</summary>
    internal ProxyTls Tls { get; }

    /// <summary>The number of the last connection that was accepted.</summary>
    internal long LastConnection => _slots.LastId;

    /// <summary>What all routes have done.</summary>
    internal ProxyCounters Counters { get; }

    /// <summary>The routes as they are now.</summary>
    internal RouteSet Routes => _routes;

    /// <summary>The clients that are denied for a time.</summary>
    internal DeniedClients Denied { get; }

    /// <summary>How many connections may be open at a time.</summary>
    internal int MaxConnections => _slots.Maximum;

    /// <summary>The time on the clock that all loops share, in ticks of 100 ns.</summary>
    internal long SharedNow => _services.TimeProvider.GetElapsedTime(0).Ticks;

    /// <summary>The memory that holds what slow receivers have not taken, in bytes.</summary>
    internal long PendingBytes => _budget.Used;

    /// <summary>How much of it there may be, in bytes.</summary>
    internal long MaxPendingBytes => _budget.Limit;

    /// <summary>The addresses that they are bound to, each once.</summary>
    internal IReadOnlyList<EndPoint> Endpoints =>
    [
        .. _routes.Endpoints
            .SelectMany(static endpoint => endpoint.Listeners)
            .Where(listener => listener.Set == Shards[0].Listeners)
            .Select(static listener => listener.LocalEndPoint),
    ];

    /// <summary>Completes when every loop has ended and everything is released; fails when a loop did.</summary>
    internal Task Ended { get; }

    private ILogger Logger => _services.Logger;

    /// <summary>Binds every listener.</summary>
    /// <exception cref="ListenException">One can't be bound; nothing stays open.</exception>
    internal RouteSetChange Bind(ProxySettings settings)
    {
        RouteSetChange start = MakeChange(settings);
        Use(start);
        Warn(settings);
        return start;
    }

    /// <summary>Frees all that it holds. For one that is not started.</summary>
    internal void Release()
    {
        foreach (Listener listener in _routes.Endpoints.SelectMany(static endpoint => endpoint.Listeners))
        {
            listener.Abandon();
        }

        foreach (Shard shard in Shards)
        {
            shard.Release();
        }

        CloseRoutes();
        Tls.Dispose();
    }

    /// <summary>Starts every loop; completes when all accept.</summary>
    internal async Task StartAsync(RouteSetChange start)
    {
        LogListening(start);
        try
        {
            await Task.WhenAll(Shards.Select(shard => shard.Start(start))).ConfigureAwait(false);
        }
        finally
        {
            start.Abandon(Ending);
        }
    }

    /// <summary>Changes to <paramref name="settings"/>; completes when every loop has. One at a time.</summary>
    /// <exception cref="ListenException">A new endpoint can't be listened on; nothing has changed.</exception>
    internal async Task ApplyAsync(ProxySettings settings)
    {
        _draining.RemoveAll(static listener => listener.IsClosed);
        RouteSetChange change = MakeChange(settings);
        _draining.AddRange(change.RemovedListeners);
        Use(change);
        _drainTimeout = settings.DrainTimeout;
        _slots.Change(DescriptorLimit.MaxConnections(settings));
        _budget.Limit = settings.MaxPendingBytes;
        Denied.Limit = settings.MaxDenied;
        Warn(settings);
        await Task.WhenAll(Shards.Select(shard => shard.ApplyAsync(change))).ConfigureAwait(false);
        change.Abandon(Ending);
        CutDenied();
        Logger.Applied(settings.Routes.Count, change.Added.Count, change.Removed.Count);
        LogListening(change);
    }

    /// <summary>Stops accepting; ends when the last connection has, at the latest after the drain timeout.</summary>
    internal void BeginDrain()
    {
        if (Interlocked.Exchange(ref _isDraining, 1) != 0)
        {
            return;
        }

        // All at once: of several listeners on one address, Linux still chooses one that ignores new clients.
        foreach (Listener listener in _routes.Endpoints.SelectMany(static endpoint => endpoint.Listeners))
        {
            listener.Deafen();
        }

        foreach (Shard shard in Shards)
        {
            shard.BeginDrain(_drainTimeout, OnListenersClosed, () => BeginCut(EndReason.DrainTimeout));
        }
    }

    /// <summary>Ends at once; the first reason wins.</summary>
    internal void BeginCut(EndReason reason)
    {
        // Several loops find the drain overdue at once. The first tells of it before any is cut.
        if (Interlocked.Exchange(ref _isCutting, 1) != 0)
        {
            return;
        }

        if (Counters.Read().Active is > 0 and var connections)
        {
            Logger.Cutting(connections, reason);
        }

        foreach (Shard shard in Shards)
        {
            shard.BeginCut(reason);
        }
    }

    /// <summary>The routes whose clients would be closed at once now, for want of an upstream; null when it has ended.</summary>
    internal Task<IReadOnlyList<string>?> FindRoutesWithoutUpstreamAsync()
    {
        Shard first = Shards[0];
        return first.AskAsync<IReadOnlyList<string>?>(
            () => [.. first.Pools.Where(static pool => !pool.HasUpstream).Select(static pool => pool.Name)], ended: null);
    }

    /// <summary>Changes what is set by hand of an upstream of <paramref name="route"/>; false when there is none, or it has ended.</summary>
    /// <param name="route">The route.</param>
    /// <param name="change">The change.</param>
    /// <param name="unlessSet">Whether nothing is done where it is set so already.</param>
    internal async Task<bool> TryChangeAsync(Route route, UpstreamChange change, bool unlessSet = false)
    {
        DateTimeOffset now = _services.TimeProvider.GetUtcNow();
        bool isDone = await Shards[0].AskAsync(() => route.Pool.TryChange(change, now, unlessSet), ended: false).ConfigureAwait(false);
        await AnswerAsync().ConfigureAwait(false);
        return isDone;
    }

    /// <summary>Cuts the connection with <paramref name="id"/>, wherever it is; false when there is none.</summary>
    internal async Task<bool> TryCutAsync(long id, EndReason reason)
    {
        bool[] ended = await Task.WhenAll(
            Shards.Select(shard => shard.AskAsync(() => shard.Routes.TryCut(id, reason), ended: false))).ConfigureAwait(false);
        return ended.Contains(true);
    }

    /// <summary>Ends the connections of clients from ranges; completes when they have.</summary>
    internal Task CutFromAsync(IEnumerable<AddressRange> ranges)
    {
        var addresses = AddressSet.Of(ranges);
        return Task.WhenAll(Shards.Select(shard => shard.CutFromAsync(addresses)));
    }

    /// <summary>Has the connections of a route do what its toxics say now; completes when all do.</summary>
    internal Task FollowToxicsAsync(RouteToxics toxics) => Task.WhenAll(Shards.Select(shard => shard.FollowToxicsAsync(toxics)));

    /// <summary>Completes when every loop has done a piece of work, or has ended.</summary>
    internal Task AnswerAsync() => Task.WhenAll(Shards.Select(static shard => shard.AskAsync(static () => true, ended: true)));

    /// <summary>Those that take no part in what is posted any more.</summary>
    private IEnumerable<Shard> Ending => Shards.Where(static shard => shard.Ended.IsCompleted);

    private RouteSetChange MakeChange(ProxySettings settings) => RouteSetChange.Make(
        _routes, settings, Shards, _services.Spread, _draining, Counters, MakePool, MakeToxics, MakeGateChange(), Tls);

    private void Use(RouteSetChange change)
    {
        Tls.Use(change.Tls);
        ClientGate[] before = [.. _routes.Gates];
        change.Gates.Apply();
        change.ApplyToToxics(_slots.LastId);
        _routes = change.Target;
        foreach (ClientGate gate in before.Except(_routes.Gates))
        {
            gate.Close();
        }

        Counters.Use(_routes.Routes.Values);
    }

    private void CloseRoutes()
    {
        Denied.Close();
        foreach (ClientGate gate in _routes.Gates)
        {
            gate.Close();
        }

        foreach (Route route in _routes.Routes.Values.Concat(_routes.Former))
        {
            route.Toxics.Close();
        }
    }

    private GateChange MakeGateChange() => new(_services.TimeProvider, Logger, CutDenied);

    /// <summary>Ends the connections whose clients are not let in any more, where lists say so. Any thread.</summary>
    private void CutDenied()
    {
        foreach (Shard shard in _routes.Gates.Any(static gate => gate.EndsDenied) ? Shards : [])
        {
            shard.BeginCutDenied();
        }
    }

    private List<Shard> MakeShards(ProxySettings settings, ConnectionEvents events)
    {
        var shards = new List<Shard>();
        ulong toxicSeed = (ulong)(settings.ToxicSeed ?? Random.Shared.NextInt64());
        try
        {
            for (int number = 1; number <= settings.Loops; number++)
            {
                shards.Add(new Shard(number, settings, _slots, _budget, Counters.Unrouted, events, _services, Tls, toxicSeed));
            }

            return shards;
        }
        catch
        {
            shards.ForEach(static shard => shard.Release());
            throw;
        }
    }

    /// <summary>Says what is doubtful in the settings, once until that changes.</summary>
    private void Warn(ProxySettings settings)
    {
        IReadOnlyList<string> ofMaximum = DescriptorLimit.Warnings(settings);
        foreach (string warning in ofMaximum.Except(_warnings))
        {
            Logger.MaxConnectionsTooHigh(warning);
        }

        IReadOnlyList<string> ofListeners = OwnListeners.Warnings(settings);
        foreach (string warning in ofListeners.Except(_warnings))
        {
            Logger.UpstreamIsOwnListener(warning);
        }

        _warnings = [.. ofMaximum, .. ofListeners];
    }

    private RoutePool MakePool(RouteSettings route) =>
        new(
            Shards[0].Loop, Shards.Count, _services.TimeProvider, route, Logger, _lookups.LookUpAsync, Shards[0].Tls, CutSessions, ReportStateChanged);

    private RouteToxics MakeToxics() => new(_services.TimeProvider, Logger) { Expired = toxics => _ = FollowToxicsAsync(toxics) };

    private void ReportStateChanged(UpstreamReport upstream)
    {
        if (_routes.Extensions.ReportStateChanged(upstream) is { } exception)
        {
            Logger.UpstreamObserverFailed(upstream.Route, upstream.Address, exception);
        }
    }

    private void CutSessions(PoolMember member, EndReason reason)
    {
        foreach (Shard shard in Shards)
        {
            shard.BeginCutTo(member, reason);
        }
    }

    /// <summary>One line for each endpoint as it was written: localhost has two listeners on each loop.</summary>
    private void LogListening(RouteSetChange change)
    {
        foreach (BoundEndpoint endpoint in change.Added)
        {
            if (endpoint.Listeners[0].LocalEndPoint is IPEndPoint { Port: var port })
            {
                Logger.ListeningOnPort(port, endpoint.BoundIdentity, endpoint.RouteNames);
            }
            else
            {
                Logger.ListeningOn(endpoint.Endpoint, endpoint.RouteNames);
            }
        }
    }

    private void OnListenersClosed()
    {
        if (Interlocked.Decrement(ref _stillListening) == 0 && Counters.Read().Active is > 0 and var connections)
        {
            Logger.Draining(connections, _drainTimeout.TotalSeconds);
        }
    }

    private async Task EndAsync()
    {
        _ = EndLastAsync();
        Task[] ends = [.. Shards.Select(static shard => shard.Ended)];
        await foreach (Task end in Task.WhenEach(ends).ConfigureAwait(false))
        {
            // A proxy that served some of its clients only, with the rest waiting for a loop that is gone, would be
            // worse than one that has stopped.
            if (end.IsFaulted)
            {
                BeginCut(EndReason.Fault);
            }
        }

        CloseRoutes();
        Tls.Dispose();
        await Task.WhenAll(ends).ConfigureAwait(false);
    }

    /// <summary>The first shard has the pools that the others need: it ends when they have.</summary>
    private async Task EndLastAsync()
    {
        await Task.WhenAll(Shards.Skip(1).Select(static shard => shard.Ended))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Shards[0].BeginToEnd();
    }
}
