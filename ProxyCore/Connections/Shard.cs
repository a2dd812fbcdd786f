using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ProxyCore.Access;
using ProxyCore.Connections.Counting;
using ProxyCore.Connections.Encrypting;
using ProxyCore.Connections.Faults;
using ProxyCore.Connections.Listening;
using ProxyCore.Connections.Pools;
using ProxyCore.Connections.Reporting;
using ProxyCore.Connections.Sockets;
using ProxyCore.Diagnostics;
using ProxyCore.Loop;
using ProxyCore.Relay;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections;

/// <summary>One loop on its thread, with its listeners, its connections and their table.</summary>
/// <remarks>
/// Made and bound by the thread that starts the proxy, then owned by the loop's thread. Others call what says so.
/// </remarks>
internal sealed class Shard : ILoopMember
{
    private readonly ConnectionSlots _slots;
    private readonly RouteCounters _unrouted;
    private readonly HandedClients _handed = new();
    private readonly LoopThread _thread;
    private int _connections;
    private bool _isNeeded;
    private bool _isDraining;
    private EndReason? _cutReason;

    internal Shard(
        int number,
        ProxySettings settings,
        ConnectionSlots slots,
        PendingBudget budget,
        RouteCounters unrouted,
        ConnectionEvents events,
        ProxyServices services,
        ProxyTls tls,
        ulong toxicSeed)
    {
        Number = number;
        ToxicSeed = toxicSeed;
        HasPools = number == 1;
        _isNeeded = HasPools;
        _slots = slots;
        _unrouted = unrouted;
        Events = events;
        Logger = services.Logger;
        Loop = new SelectLoop(services.TimeProvider, services.Logger, settings.ParksIdleSockets ? services.Parking : null);
        _thread = new LoopThread(Loop, this, $"ProxyCore loop {number}", Release, OnFailed);
        Sampler = new ConnectionSampler(this, Loop);
        Listeners = new ListenerSet(Loop, Logger, slots, this) { OnDrained = StopIfDrained };
        Buffers = new RelayBuffers(settings.BufferSize, budget);
        Tls = new LoopTls(tls, Buffers, Loop);
    }

    /// <summary>Which it is, counted from 1.</summary>
    internal int Number { get; }

    internal SelectLoop Loop { get; }

    /// <summary>Where the chance of toxics begins.</summary>
    internal ulong ToxicSeed { get; }

    internal RouteTable Routes { get; } = new();

    internal ILogger Logger { get; }

    /// <summary>Reports what its connections do.</summary>
    internal ConnectionEvents Events { get; }

    /// <summary>Remembers how busy its connections were.</summary>
    internal ConnectionSampler Sampler { get; }

    /// <summary>What all its connections relay with.</summary>
    internal RelayBuffers Buffers { get; }

    /// <summary>What those of its connections need that speak TLS.</summary>
    internal LoopTls Tls { get; }

    /// <summary>
    /// Makes the transports and stages between the client's and the upstream's socket instead of those that the route's
    /// options lead to. Tests set it, on the loop's thread.
    /// </summary>
    internal Func<Socket, Socket, RelayLayers?>? MakeLayers { get; set; }

    /// <summary>How many connections it has. Any thread.</summary>
    internal int Connections => _connections;

    internal ListenerSet Listeners { get; }

    /// <summary>Whether anything that is configured needs the addresses of clients as they are accepted. Any thread.</summary>
    internal bool WantsClientAddresses =>
        RouteSet.HasGates || Events.EndsAreWanted || RouteSet.Extensions.Observes || RouteSet.Extensions.Selector is not null
        || Logger.IsEnabled(LogLevel.Debug);

    /// <summary>
    /// Whether it has the pools: the first of several. It goes on until <see cref="BeginToEnd"/>, because connections of
    /// other shards need them to their end.
    /// </summary>
    internal bool HasPools { get; }

    /// <summary>The routes as they are now.</summary>
    internal RouteSet RouteSet { get; set; } = RouteSet.Empty;

    /// <summary>The pools of all routes.</summary>
    internal IEnumerable<RoutePool> Pools => RouteSet.Routes.Values.Select(static route => route.Pool);

    /// <summary>Completes when the loop has ended and everything is released. Any thread.</summary>
    internal Task Ended => _thread.Ended;

    /// <summary>Starts the loop's thread; completes when every listener accepts. Any thread, once.</summary>
    internal Task Start(RouteSetChange change) => _thread.StartAsync(() =>
    {
        change.ApplyTo(this);
        Listeners.Open();
    });

    /// <summary>Does its part of a change; completes when it has, or has ended. Any thread.</summary>
    internal Task ApplyAsync(RouteSetChange change) => _thread.DoAsync(() => change.ApplyTo(this));

    /// <summary>Has <paramref name="question"/> answered on the loop; <paramref name="ended"/> if that has ended. Any thread.</summary>
    internal Task<T> AskAsync<T>(Func<T> question, T ended) => _thread.AskAsync(question, ended);

    /// <summary>Stops accepting and ends when the last connection has. Any thread.</summary>
    /// <param name="timeout">How long connections may go on.</param>
    /// <param name="listenersClosed">Called on the loop when no new client comes; the queued ones are still accepted.</param>
    /// <param name="overdue">Called on the loop when the drain timeout is over.</param>
    internal void BeginDrain(TimeSpan timeout, Action listenersClosed, Action overdue) =>
        Loop.Post(this, () => Drain(timeout, listenersClosed, overdue));

    /// <summary>Ends at once. Any thread.</summary>
    internal void BeginCut(EndReason reason) => Loop.Post(this, () => CutAll(reason));

    /// <summary>Gives it a client that another loop accepted; false when it takes no more clients. Any thread.</summary>
    internal bool TryHand(EndpointRoutes endpoint, AcceptedClient client)
    {
        if (!_handed.TryAdd(endpoint, client))
        {
            return false;
        }

        Loop.Post(this, TakeHanded);
        return true;
    }

    /// <summary>All other shards have ended: so may this one. Any thread.</summary>
    internal void BeginToEnd() => Loop.Post(this, () =>
    {
        _isNeeded = false;
        StopIfDrained();
    });

    /// <summary>Ends all connections to <paramref name="member"/>. Any thread.</summary>
    internal void BeginCutTo(PoolMember member, EndReason reason) => Loop.Post(this, () => Routes.CutAllTo(member, reason));

    /// <summary>Has the connections do what the toxics of their routes say now; with a route's toxics, those of that route only.</summary>
    internal void FollowToxics(RouteToxics? toxics = null) => Routes.FollowToxics(toxics);

    /// <summary>The same; completes when they do, or when it has ended. Any thread.</summary>
    internal Task FollowToxicsAsync(RouteToxics toxics) => _thread.DoAsync(() => FollowToxics(toxics));

    /// <summary>Ends the connections whose clients are not let in any more, where the lists say so. Any thread.</summary>
    internal void BeginCutDenied() => Loop.Post(this, () => Routes.CutAllDenied(RouteSet.Gate));

    /// <summary>Ends the connections of clients with one of these addresses; completes when they have, or when it has ended. Any thread.</summary>
    internal Task CutFromAsync(AddressSet addresses) => _thread.DoAsync(() => Routes.CutAllFrom(addresses));

    /// <summary>
    /// Makes the transports and stages between the client's and the upstream's socket of a connection that begins to
    /// relay; null for none.
    /// </summary>
    internal RelayLayers? LayersFor(Route route, IIdentifiedClient client, Socket upstream) => MakeLayers is { } make
        ? make(client.Socket, upstream)
        : route.Bandwidth?.MakeLayers(client, Loop.Origin);

    /// <summary>What <paramref name="route"/> has done here; with null, what was done for clients that have no route.</summary>
    internal TrafficCounters CountersOf(Route? route) => (route?.Counters ?? _unrouted)[Number - 1];

    /// <summary>Serves a client, for which a slot was taken.</summary>
    /// <exception cref="Exception">There is no connection: the caller still owns the socket and the slot.</exception>
    internal void OnAccepted(EndpointRoutes endpoint, AcceptedClient client)
    {
        EndpointRoutes part = endpoint.PartFor(client.Socket);

        // One turn accepts many clients. On a test's clock the time may have moved between two of them.
        Loop.ReadClock();
        var connection = new Connection(this, part, client.Socket, _slots.NextId());
        _connections++;
        try
        {
            connection.Open(client, part);
        }
        catch (Exception exception)
        {
            ((ILoopMember)connection).Fault(exception);
        }
    }

    internal void OnEnded()
    {
        _connections--;
        Listeners.OnEnded();
        StopIfDrained();
    }

    /// <summary>Frees all that it holds. For a shard whose loop has ended or never ran.</summary>
    internal void Release()
    {
        Listeners.Close();
        foreach (RoutePool pool in HasPools ? Pools.Concat(RouteSet.Former.Select(static route => route.Pool)) : [])
        {
            pool.Stop();
        }

        _handed.Close();
        foreach ((EndpointRoutes endpoint, AcceptedClient client) in _handed.Take())
        {
            Refuse(endpoint, client, EndReason.Fault);
        }

        Loop.Dispose();
        Tls.Dispose();
        Buffers.Dispose();
    }

    void ILoopMember.Fault(Exception exception) => Logger.LoopFault(exception);

    private void OnFailed(Exception exception)
    {
        Logger.LoopFailed(exception);
        Routes.CutAll(EndReason.Fault);
        Release();
    }

    private void TakeHanded()
    {
        foreach ((EndpointRoutes endpoint, AcceptedClient client) in _handed.Take())
        {
            if (_cutReason is { } reason)
            {
                Refuse(endpoint, client, reason);
                continue;
            }

            try
            {
                OnAccepted(endpoint, client);
            }
            catch (Exception exception)
            {
                Logger.LoopFault(exception);
                Refuse(endpoint, client, EndReason.Fault);
            }
        }

        StopIfDrained();
    }

    /// <summary>Resets a client that another loop accepted, for lack of time to serve it.</summary>
    private void Refuse(EndpointRoutes endpoint, AcceptedClient client, EndReason reason)
    {
        if (Events.EndsAreWanted)
        {
            Events.ReportRefused(_slots.NextId(), ProxyCounters.NameOf(endpoint.Only), client, reason);
        }

        TrafficCounters counters = CountersOf(endpoint.Only);
        counters.CountAccepted();
        counters.CountEnded(reason);
        Listeners.ReleaseSlot();
        client.Socket.Close(0);
    }

    private void Drain(TimeSpan timeout, Action listenersClosed, Action overdue)
    {
        Listeners.Drain(timeout);
        listenersClosed();
        if (_isDraining)
        {
            return;
        }

        _isDraining = true;
        Loop.Arm(new CallbackTimer(this, overdue), timeout);
        StopIfDrained();
    }

    private void CutAll(EndReason reason)
    {
        _isDraining = true;
        _cutReason ??= reason;
        Listeners.Close();
        Routes.CutAll(reason);
        StopIfDrained();
    }

    /// <summary>Waits for the clients that are still queued at a listener, or were handed over by another loop.</summary>
    private void StopIfDrained()
    {
        if (_isDraining && !_isNeeded && _connections == 0 && Listeners.Draining.Count == 0 && _handed.TryClose())
        {
            Loop.Stop();
        }
    }
}
