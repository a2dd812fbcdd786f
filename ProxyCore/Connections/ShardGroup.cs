using System.Net;
using Microsoft.Extensions.Logging;
using ProxyCore.Connections.Encrypting;
using ProxyCore.Connections.Limiting;
using ProxyCore.Connections.Listening;
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
    private readonly ConnectionSlots _slots;
    private readonly PendingBudget _budget;
    private readonly ProxyRoutes _routes;
    private readonly SettingsWarnings _warnings;
    private TimeSpan _drainTimeout;
    private int _stillListening;
    private int _isDraining;
    private int _isCutting;

    // The connections that end because their upstream does. The thread of the pools begins it.
    private volatile Task _cutting = Task.CompletedTask;

    /// <summary>Makes the shards; nothing is bound yet.</summary>
    internal ShardGroup(ProxySettings settings, ProxyServices services, ConnectionEvents events)
    {
        _services = services;
        _slots = new ConnectionSlots(DescriptorLimit.MaxConnections(settings));
        _budget = new PendingBudget(settings.MaxPendingBytes);
        _warnings = new SettingsWarnings(services.Logger);
        _drainTimeout = settings.DrainTimeout;
        _stillListening = settings.Loops;
        var counters = new ProxyCounters(settings.Loops);
        var tls = new ProxyTls(services.TimeProvider, services.Logger);
        Shards = new ShardMaker(_slots, _budget, counters.Unrouted, events, services, tls).MakeAll(settings);
        _routes = new ProxyRoutes(settings, services, tls, counters, MakeRouteMaker(), listsChanged: () => _ = this.CutDeniedAsync());
        Ended = EndAsync();
    }

    internal IReadOnlyList<Shard> Shards { get; }

    /// <summary>Its certificates, and what speaks TLS with them.</summary>
    internal ProxyTls Tls => _routes.Tls;

    /// <summary>The number of the last connection that was accepted.</summary>
    internal long LastConnection => _slots.LastId;

    /// <summary>What all routes have done.</summary>
    internal ProxyCounters Counters => _routes.Counters;

    /// <summary>The routes as they are now.</summary>
    internal RouteSet Routes => _routes.Now;

    /// <summary>The clients that are denied for a time.</summary>
    internal DeniedClients Denied => _routes.Denied;

    /// <summary>How many connections may be open at a time.</summary>
    internal int MaxConnections => _slots.Maximum;

    /// <summary>The time on the clock that all loops share, in ticks of 100 ns.</summary>
    internal long SharedNow => _services.TimeProvider.GetElapsedTime(0).Ticks;

    /// <summary>The memory that holds what slow receivers have not taken, in bytes.</summary>
    internal long PendingBytes => _budget.Used;

    /// <summary>How much of it there may be, in bytes.</summary>
    internal long MaxPendingBytes => _budget.Limit;

    /// <summary>The addresses that they are bound to, each once.</summary>
    internal IReadOnlyList<EndPoint> Endpoints => _routes.Endpoints;

    /// <summary>Completes when every loop has ended and everything is released; fails when a loop did.</summary>
    internal Task Ended { get; }

    private ILogger Logger => _services.Logger;

    /// <summary>Binds every listener.</summary>
    /// <exception cref="ListenException">One can't be bound; nothing stays open.</exception>
    internal RouteSetChange Bind(ProxySettings settings)
    {
        RouteSetChange start = _routes.Prepare(settings);
        _routes.Use(start, settings, _slots.LastId);
        _warnings.Log(settings);
        return start;
    }

    /// <summary>Frees all that it holds. For one that is not started.</summary>
    internal void Release()
    {
        foreach (Listener listener in _routes.Listeners)
        {
            listener.Abandon();
        }

        foreach (Shard shard in Shards)
        {
            shard.Release();
        }

        _routes.Close();
    }

    /// <summary>Starts every loop; completes when all accept.</summary>
    internal async Task StartAsync(RouteSetChange start)
    {
        start.LogListening(Logger);
        try
        {
            await Task.WhenAll(Shards.Select(shard => shard.StartAsync(start.Target))).ConfigureAwait(false);
            await new ChangeSpread(start, Shards).RunAsync().ConfigureAwait(false);
        }
        finally
        {
            start.Abandon();
        }
    }

    /// <summary>Changes to <paramref name="settings"/>; completes when every loop has. One at a time.</summary>
    /// <exception cref="ListenException">A new endpoint can't be listened on; nothing has changed.</exception>
    internal async Task ApplyAsync(ProxySettings settings)
    {
        RouteSetChange change = _routes.Prepare(settings);
        _routes.Use(change, settings, _slots.LastId);
        _drainTimeout = settings.DrainTimeout;
        _slots.Change(DescriptorLimit.MaxConnections(settings));
        _budget.Limit = settings.MaxPendingBytes;
        _warnings.Log(settings);
        try
        {
            await new ChangeSpread(change, Shards).RunAsync().ConfigureAwait(false);
        }
        finally
        {
            change.Abandon();
        }

        await this.FollowToxicsAsync(change.ChangedToxics).ConfigureAwait(false);
        await this.CutDeniedAsync().ConfigureAwait(false);
        Logger.Applied(settings.Routes.Count, change.Added.Count, change.Removed.Count);
        change.LogListening(Logger);
    }

    /// <summary>Stops accepting; ends when the last connection has, at the latest after the drain timeout.</summary>
    internal void BeginDrain()
    {
        if (Interlocked.Exchange(ref _isDraining, 1) != 0)
        {
            return;
        }

        // All at once: of several listeners on one address, Linux still chooses one that ignores new clients.
        foreach (Listener listener in _routes.Listeners)
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

    /// <summary>Changes what is set by hand of an upstream of <paramref name="route"/>; false when there is none, or it has ended.</summary>
    /// <param name="route">The route.</param>
    /// <param name="change">The change.</param>
    /// <param name="unlessSet">Whether nothing is done where it is set so already.</param>
    internal async Task<bool> TryChangeAsync(Route route, UpstreamChange change, bool unlessSet = false)
    {
        DateTimeOffset now = _services.TimeProvider.GetUtcNow();
        bool isDone = await Shards[0].AskAsync(() => route.Pool.TryChange(change, now, unlessSet), ended: false).ConfigureAwait(false);
        await _cutting.ConfigureAwait(false);
        await AnswerAsync().ConfigureAwait(false);
        return isDone;
    }

    /// <summary>Completes when every loop has done a piece of work, or has ended.</summary>
    internal Task AnswerAsync() => Task.WhenAll(Shards.Select(static shard => shard.AskAsync(static () => true, ended: true)));

    private RouteMaker MakeRouteMaker() => new(Shards, _services)
    {
        EndSessions = EndSessions,
        StateChanged = upstream => _routes.ReportStateChanged(upstream),
        ToxicExpired = toxics => _ = this.FollowToxicsAsync(toxics),
    };

    private void EndSessions(PoolMember member, EndReason reason)
    {
        Task before = _cutting;
        Task cut = this.CutToAsync(member, reason);
        _cutting = before.IsCompleted ? cut : Task.WhenAll(before, cut);
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

        _routes.Close();
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
