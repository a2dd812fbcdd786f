using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;
using ProxyCore.Loop;
using ProxyCore.Relay;

namespace ProxyCore.Connections;

/// <summary>One loop on its thread, with its listeners, its connections and their table.</summary>
/// <remarks>
/// Made and bound by the thread that starts the proxy, then owned by the loop's thread. Others call what says so.
/// </remarks>
internal sealed class Shard : ILoopMember
{
    private readonly ProxySettings _settings;
    private readonly NameLookup _lookup;
    private readonly List<Listener> _listeners = [];
    private readonly Dictionary<Route, UpstreamAddresses> _addresses = [];
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CallbackTimer _drainTimer;
    private long _lastConnectionId;
    private int _connections;
    private bool _isDraining;

    internal Shard(ProxySettings settings, ILogger logger, TimeProvider timeProvider, NameLookup lookup)
    {
        _settings = settings;
        _lookup = lookup;
        Logger = logger;
        Loop = new SelectLoop(timeProvider, logger, settings.Parking);
        Buffers = new RelayBuffers(settings.BufferSize);
        _drainTimer = new CallbackTimer(this, () => CutAll(EndReason.DrainTimeout));
    }

    internal SelectLoop Loop { get; }

    internal RouteTable Routes { get; } = new();

    internal ShardStatistics Statistics { get; } = new();

    internal ILogger Logger { get; }

    /// <summary>What all its connections relay with.</summary>
    internal RelayBuffers Buffers { get; }

    internal int MaxConnections => _settings.MaxConnections;

    internal bool HasRoom => _connections < _settings.MaxConnections;

    /// <summary>The bound listeners. Any thread, once <see cref="Start"/> was called.</summary>
    internal IReadOnlyList<Listener> Listeners => _listeners;

    /// <summary>Completes when the loop has ended and everything is released. Any thread.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>Binds every listener.</summary>
    /// <exception cref="ListenException">One can't be bound; the shard is disposed of and nothing stays open.</exception>
    internal void Bind()
    {
        try
        {
            foreach (Route route in _settings.Routes)
            {
                foreach (ProxyEndpoint endpoint in route.Listen)
                {
                    _listeners.AddRange(Listener.Bind(this, route, endpoint));
                }
            }
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>Starts the loop's thread; completes when every listener accepts.</summary>
    internal Task Start()
    {
        Loop.Post(this, OpenListeners);
        new Thread(Run) { IsBackground = true, Name = "ProxyCore loop" }.Start();
        return _started.Task;
    }

    /// <summary>Stops accepting and ends when the last connection has, at the latest after the drain timeout. Any thread.</summary>
    internal void BeginDrain() => Loop.Post(this, Drain);

    /// <summary>Ends at once. Any thread.</summary>
    internal void BeginCut() => Loop.Post(this, () => CutAll(EndReason.Shutdown));

    internal UpstreamAddresses AddressesOf(Route route)
    {
        if (!_addresses.TryGetValue(route, out UpstreamAddresses? addresses))
        {
            addresses = new UpstreamAddresses(Loop, route.Upstream, route.ConnectTimeout, _lookup);
            _addresses.Add(route, addresses);
        }

        return addresses;
    }

    internal void OnAccepted(Route route, Socket client)
    {
        Statistics.CountAccepted();
        _connections++;
        var connection = new Connection(this, route, client, ++_lastConnectionId);
        try
        {
            connection.Open();
        }
        catch (Exception exception)
        {
            ((ILoopMember)connection).Fault(exception);
        }
    }

    internal void OnEnded(EndReason reason)
    {
        Statistics.CountEnded(reason);
        _connections--;
        foreach (Listener listener in _listeners)
        {
            listener.Resume();
        }

        StopIfDrained();
    }

    void ILoopMember.Fault(Exception exception) => Logger.LoopFault(exception);

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
            Logger.LoopFailed(exception);
            Routes.CutAll(EndReason.Fault);
            Release();
            _started.TrySetException(exception);
            _ended.SetException(exception);
        }
    }

    private void OpenListeners()
    {
        foreach (Listener listener in _listeners)
        {
            listener.Open();
        }

        // One line for each endpoint as it was written: localhost has two listeners.
        foreach (Listener listener in _listeners.DistinctBy(static listener => listener.Endpoint))
        {
            LogListening(listener);
        }

        _started.SetResult();
    }

    private void LogListening(Listener listener)
    {
        if (listener.LocalEndPoint is IPEndPoint { Port: var port })
        {
            Logger.ListeningOnPort(port);
            return;
        }

        Logger.ListeningOn(listener.Endpoint);
    }

    private void Drain()
    {
        if (_isDraining)
        {
            return;
        }

        _isDraining = true;
        CloseListeners();
        if (_connections > 0)
        {
            Logger.Draining(_connections, _settings.DrainTimeout.TotalSeconds);
            Loop.Arm(_drainTimer, _settings.DrainTimeout);
        }

        StopIfDrained();
    }

    private void CutAll(EndReason reason)
    {
        _isDraining = true;
        CloseListeners();
        if (_connections > 0)
        {
            Logger.Cutting(_connections, reason);
        }

        Routes.CutAll(reason);
        StopIfDrained();
    }

    private void StopIfDrained()
    {
        if (_isDraining && _connections == 0)
        {
            Loop.Stop();
        }
    }

    private void CloseListeners()
    {
        foreach (Listener listener in _listeners)
        {
            listener.Close();
        }

        _listeners.Clear();
    }

    private void Release()
    {
        CloseListeners();
        Loop.Dispose();
        Buffers.Dispose();
    }
}
