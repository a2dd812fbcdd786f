using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ProxyCore.Connections.Counting;
using ProxyCore.Connections.Encrypting;
using ProxyCore.Connections.Listening;
using ProxyCore.Connections.Pools;
using ProxyCore.Connections.Reporting;
using ProxyCore.Connections.Sockets;
using ProxyCore.Diagnostics;
using ProxyCore.Loop;
using ProxyCore.Relay;
using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>One loop on its thread, with its listeners, its connections and their table.</summary>
/// <remarks>
/// Made and bound by the thread that starts the proxy, then owned by the loop's thread. Others call what says so.
/// </remarks>
internal sealed class Shard : ILoopMember
{
    private readonly ShardMaker _shared;
    private readonly HandedClients _handed = new();
    private readonly LoopThread _thread;
    private readonly ShardEnd _end;
    private IReadOnlyList<RoutePool> _starting = [];

    /// <param name="number">Which it is, counted from 1.</param>
    /// <param name="settings">What is configured.</param>
    /// <param name="shared">What it shares with the others.</param>
    internal Shard(int number, ProxySettings settings, ShardMaker shared)
    {
        _shared = shared;
        Number = number;
        HasPools = number == 1;
        ProxyServices services = shared.Services;
        Loop = new SelectLoop(services.TimeProvider, services.Logger, settings.ParksIdleSockets ? services.Parking : null);
        _thread = new LoopThread(Loop, this, $"ProxyCore loop {number}", Release, OnFailed);
        _end = new ShardEnd(this, _handed);
        Sampler = new ConnectionSampler(this, Loop);
        Listeners = new ListenerSet(Loop, Logger, shared.Slots, this) { OnDrained = _end.StopIfDrained };
        Buffers = new RelayBuffers(settings.BufferSize, shared.Budget);
        Tls = new LoopTls(shared.Tls, Buffers, Loop);
    }

    /// <summary>Which it is, counted from 1.</summary>
    internal int Number { get; }

    internal SelectLoop Loop { get; }

    /// <summary>Where the chance of toxics begins.</summary>
    internal ulong ToxicSeed => _shared.ToxicSeed;

    internal RouteTable Routes { get; } = new();

    internal ILogger Logger => _shared.Services.Logger;

    /// <summary>Reports what its connections do.</summary>
    internal ConnectionEvents Events => _shared.Events;

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
    internal int Connections { get; private set; }

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
    internal RouteSet RouteSet { get; private set; } = RouteSet.Empty;

    /// <summary>Completes when the loop has ended and everything is released. Any thread.</summary>
    internal Task Ended => _thread.Ended;

    /// <summary>Starts the loop's thread with these routes; completes when it turns. Any thread, once.</summary>
    internal Task StartAsync(RouteSet routes) => _thread.StartAsync(() =>
    {
        RouteSet = routes;
        Listeners.Open();
    });

    /// <summary>Learns which pools a change is about to start, for the case that it ends before the change does. Any thread.</summary>
    internal Task BeginChangeAsync(RouteSetChange change) => _thread.DoAsync(() => _starting = change.AddedPools);

    /// <summary>Takes the routes of a change whose pools are at work. Any thread.</summary>
    internal Task UseAsync(RouteSet routes) => _thread.DoAsync(() =>
    {
        RouteSet = routes;
        _starting = [];
    });

    /// <summary>Has <paramref name="question"/> answered on the loop; <paramref name="ended"/> if that has ended. Any thread.</summary>
    internal Task<T> AskAsync<T>(Func<T> question, T ended) => _thread.AskAsync(question, ended);

    /// <summary>Does work with each of the items, in turns of the loop: see <see cref="LoopThread.DoEachAsync{T}"/>. Any thread.</summary>
    internal Task DoEachAsync<T>(IReadOnlyList<T> items, int mostInTurn, Action<T> work) => _thread.DoEachAsync(items, mostInTurn, work);

    /// <summary>Stops accepting and ends when the last connection has. Any thread.</summary>
    /// <param name="timeout">How long connections may go on.</param>
    /// <param name="listenersClosed">Called on the loop when no new client comes; the queued ones are still accepted.</param>
    /// <param name="overdue">Called on the loop when the drain timeout is over.</param>
    internal void BeginDrain(TimeSpan timeout, Action listenersClosed, Action overdue) =>
        Loop.Post(this, () => _end.Drain(timeout, listenersClosed, overdue));

    /// <summary>Ends at once. Any thread.</summary>
    internal void BeginCut(EndReason reason) => Loop.Post(this, () => _end.Cut(reason));

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
    internal void BeginToEnd() => Loop.Post(this, _end.ReleaseNeed);

    /// <summary>
    /// Makes the transports and stages between the client's and the upstream's socket of a connection that begins to
    /// relay; null for none.
    /// </summary>
    internal RelayLayers? LayersFor(Route route, IIdentifiedClient client, Socket upstream) => MakeLayers is { } make
        ? make(client.Socket, upstream)
        : route.Bandwidth?.MakeLayers(client, Loop.Origin);

    /// <summary>What <paramref name="route"/> has done here; with null, what was done for clients that have no route.</summary>
    internal TrafficCounters CountersOf(Route? route) => (route?.Counters ?? _shared.Unrouted)[Number - 1];

    /// <summary>Serves a client, for which a slot was taken.</summary>
    /// <exception cref="Exception">There is no connection: the caller still owns the socket and the slot.</exception>
    internal void OnAccepted(EndpointRoutes endpoint, AcceptedClient client)
    {
        EndpointRoutes part = endpoint.PartFor(client.Socket);

        // One turn accepts many clients. On a test's clock the time may have moved between two of them.
        Loop.ReadClock();
        var connection = new Connection(this, part, client.Socket, _shared.Slots.NextId());
        Connections++;
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
        Connections--;
        Listeners.OnEnded();
        _end.StopIfDrained();
    }

    /// <summary>Frees all that it holds. For a shard whose loop has ended or never ran.</summary>
    internal void Release()
    {
        Listeners.Close();
        foreach (RoutePool pool in RouteSet.Pools.Concat(RouteSet.Former.Select(static route => route.Pool)).Concat(_starting).Where(_ => HasPools))
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
            if (_end.CutReason is { } reason)
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

        _end.StopIfDrained();
    }

    /// <summary>Resets a client that another loop accepted, for lack of time to serve it.</summary>
    private void Refuse(EndpointRoutes endpoint, AcceptedClient client, EndReason reason)
    {
        if (Events.EndsAreWanted)
        {
            Events.ReportRefused(_shared.Slots.NextId(), ProxyCounters.NameOf(endpoint.Only), client, reason);
        }

        TrafficCounters counters = CountersOf(endpoint.Only);
        counters.CountAccepted();
        counters.CountEnded(reason);
        Listeners.ReleaseSlot();
        client.Socket.Close(0);
    }
}
