using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;
using ProxyCore.Loop;
using ProxyCore.Relay;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections;

/// <summary>One loop on its thread, with its listeners, its connections and their table.</summary>
/// <remarks>
/// Made and bound by the thread that starts the proxy, then owned by the loop's thread. Others call what says so.
/// </remarks>
internal sealed class Shard : ILoopMember
{
    private readonly Admission _admission;
    private readonly HandedClients _handed = new();
    private readonly ConnectionSampler _sampler;
    private readonly TaskCompletionSource<bool> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connections;
    private bool _isNeeded;
    private bool _isDraining;
    private EndReason? _cutReason;

    internal Shard(
        int number,
        ProxySettings settings,
        Admission admission,
        ConnectionEnds ends,
        ProxyMeter meter,
        ILogger logger,
        TimeProvider timeProvider)
    {
        Number = number;
        HasPools = number == 1;
        _isNeeded = HasPools;
        _admission = admission;
        Ends = ends;
        Meter = meter;
        Logger = logger;
        Loop = new SelectLoop(timeProvider, logger, settings.Parking);
        _sampler = new ConnectionSampler(this, Loop, Routes);
        Listeners = new ListenerSet(this, admission);
        Buffers = new RelayBuffers(settings.BufferSize);
    }

    /// <summary>Which it is, counted from 1.</summary>
    internal int Number { get; }

    internal SelectLoop Loop { get; }

    internal RouteTable Routes { get; } = new();

    internal ILogger Logger { get; }

    /// <summary>Who is told of connections that have ended.</summary>
    internal ConnectionEnds Ends { get; }

    /// <summary>Where the times of connections are noted.</summary>
    internal ProxyMeter Meter { get; }

    /// <summary>What all its connections relay with.</summary>
    internal RelayBuffers Buffers { get; }

    /// <summary>How many connections it has. Any thread.</summary>
    internal int Connections => _connections;

    internal int MaxConnections => _admission.Maximum;

    internal ListenerSet Listeners { get; }

    /// <summary>
    /// Whether it has the pools: the first of several. It goes on until <see cref="BeginToEnd"/>, because connections of
    /// other shards need them to their end.
    /// </summary>
    internal bool HasPools { get; }

    /// <summary>The routes as they are now.</summary>
    internal RouteSet RouteSet { get; set; } = RouteSet.Empty;

    /// <summary>The pools of all routes.</summary>
    internal IEnumerable<RoutePool> Pools => RouteSet.Routes.Values.Select(static route => route.Pool);

    internal Extensions Extensions => RouteSet.Extensions;

    /// <summary>Completes when the loop has ended and everything is released. Any thread.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>Starts the loop's thread; completes when every listener accepts. Any thread, once.</summary>
    internal Task Start(RouteSetChange change)
    {
        Loop.Post(this, () => Complete(_started, () => Open(change)));
        try
        {
            new Thread(Run) { IsBackground = true, Name = $"ProxyCore loop {Number}" }.Start();
        }
        catch (Exception exception)
        {
            Fail(exception);
        }

        return _started.Task;
    }

    /// <summary>Does its part of a change; completes when it has, or has ended. Any thread.</summary>
    internal Task ApplyAsync(RouteSetChange change) => AskAsync(
        () =>
        {
            change.ApplyTo(this);
            return true;
        },
        ended: false);

    /// <summary>Has <paramref name="question"/> answered on the loop; <paramref name="ended"/> if that has ended. Any thread.</summary>
    internal async Task<T> AskAsync<T>(Func<T> question, T ended)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Loop.Post(this, () => Complete(answer, question));
        return await Task.WhenAny(answer.Task, Ended).ConfigureAwait(false) == answer.Task
            ? await answer.Task.ConfigureAwait(false)
            : ended;
    }

    /// <summary>The connections that are open longest, and the busiest.</summary>
    internal IReadOnlyList<ConnectionSnapshot> Sample(int most) => _sampler.Sample(most);

    /// <summary>Ends the connection with <paramref name="id"/>; false when there is none here.</summary>
    internal bool TryEnd(long id, EndReason reason)
    {
        Connection? connection = Routes.Find(id);
        connection?.Cut(reason);
        return connection is not null;
    }

    /// <summary>Stops accepting and ends when the last connection has. Any thread.</summary>
    /// <param name="timeout">How long connections may go on.</param>
    /// <param name="listenersClosed">Called on the loop when clients are refused.</param>
    /// <param name="overdue">Called on the loop when the drain timeout is over.</param>
    internal void BeginDrain(TimeSpan timeout, Action listenersClosed, Action overdue) =>
        Loop.Post(this, () => Drain(timeout, listenersClosed, overdue));

    /// <summary>Ends at once. Any thread.</summary>
    internal void BeginCut(EndReason reason) => Loop.Post(this, () => CutAll(reason));

    /// <summary>Gives it a client that another loop accepted; false when it takes none any more. Any thread.</summary>
    internal bool TryHand(Route route, Socket client)
    {
        if (!_handed.TryAdd(route, client))
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

    /// <summary>Ends all connections to <paramref name="member"/>, which is down. Any thread.</summary>
    internal void BeginCutTo(PoolMember member) =>
        Loop.Post(this, () => Routes.CutAllTo(member, EndReason.UpstreamDown));

    /// <summary>What <paramref name="route"/> has done here.</summary>
    internal TrafficCounters CountersOf(Route route) => route.Counters[Number - 1];

    internal Route? RouteNamed(string name) => RouteSet.Routes.GetValueOrDefault(name);

    /// <summary>Serves a client, for whom a place was taken.</summary>
    internal void OnAccepted(Route route, Socket client)
    {
        _connections++;
        var connection = new Connection(this, route, client, _admission.NextId());
        try
        {
            connection.Open();
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
        if (HasPools)
        {
            StopPools();
        }

        _handed.Close();
        foreach ((Route route, Socket client) in _handed.Take())
        {
            Refuse(route, client, EndReason.Fault);
        }

        Loop.Dispose();
        Buffers.Dispose();
    }

    void ILoopMember.Fault(Exception exception) => Logger.LoopFault(exception);

    private void StopPools()
    {
        foreach (RoutePool pool in Pools)
        {
            pool.Stop();
        }
    }

    private void Run()
    {
        try
        {
            Loop.Run();
            Release();
            _ended.SetResult();
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private void Fail(Exception exception)
    {
        Logger.LoopFailed(exception);
        Routes.CutAll(EndReason.Fault);
        Release();
        _started.TrySetException(exception);
        _ended.SetException(exception);
    }

    private bool Open(RouteSetChange change)
    {
        change.ApplyTo(this);
        Listeners.Open();
        return true;
    }

    /// <summary>Whoever waits for work on the loop is told also when it fails.</summary>
    private static void Complete<T>(TaskCompletionSource<T> done, Func<T> work)
    {
        try
        {
            done.TrySetResult(work());
        }
        catch (Exception exception)
        {
            done.TrySetException(exception);
        }
    }

    private void TakeHanded()
    {
        foreach ((Route route, Socket client) in _handed.Take())
        {
            if (_cutReason is { } reason)
            {
                Refuse(route, client, reason);
            }
            else
            {
                OnAccepted(route, client);
            }
        }

        StopIfDrained();
    }

    /// <summary>Resets a client that another loop accepted, for lack of time to serve it.</summary>
    private void Refuse(Route route, Socket client, EndReason reason)
    {
        if (Ends.AreWanted)
        {
            TellRefused(route, client, reason);
        }

        CountersOf(route).CountAccepted();
        CountersOf(route).CountEnded(reason);
        Listeners.GiveBackPlace();
        client.Close(0);
    }

    private void TellRefused(Route route, Socket client, EndReason reason)
    {
        var report = new ConnectionReport
        {
            Id = _admission.NextId(),
            Route = route.Settings.Name,
            Client = ClientAddress.Of(client),
            Reason = reason,
        };
        if (Ends.Tell(report) is { } failure)
        {
            Logger.TellingFailed(report.Id, failure);
        }
    }

    private void Drain(TimeSpan timeout, Action listenersClosed, Action overdue)
    {
        Listeners.Close();
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

    /// <summary>A client that has been handed over, and not been taken yet, is waited for.</summary>
    private void StopIfDrained()
    {
        if (_isDraining && !_isNeeded && _connections == 0 && _handed.TryClose())
        {
            Loop.Stop();
        }
    }
}
