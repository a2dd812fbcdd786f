using System.Net;
using System.Net.Sockets;
using ProxyCore.Diagnostics;
using ProxyCore.Loop;

namespace ProxyCore.Connections.Listening;

/// <summary>One listening socket of a route. Belongs to the loop's thread once it is attached.</summary>
internal sealed class Listener : Watched
{
    /// <summary>How many clients are accepted in one turn of the loop, so that a storm does not starve the relays.</summary>
    internal const int AcceptBudget = 64;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly Shard _shard;
    private readonly AcceptWarning _trouble;
    private readonly CallbackTimer _resume;
    private IReadOnlyList<Shard> _recipients;
    private Route _route;
    private uint _turn;
    private bool _isPaused;

    private Listener(Shard shard, Route route, ProxyEndpoint endpoint, Socket socket, AcceptWarning trouble)
        : base(socket, shard)
    {
        _shard = shard;
        _route = route;
        _trouble = trouble;
        _recipients = [shard];
        Endpoint = endpoint;
        _resume = new CallbackTimer(shard, () => Resume());
        LocalEndPoint = socket.LocalEndPoint!;
    }

    /// <summary>Whose it is. Immutable.</summary>
    internal Shard Shard => _shard;

    /// <summary>What it was asked to listen on. Immutable.</summary>
    internal ProxyEndpoint Endpoint { get; }

    /// <summary>The address that it is bound to. Immutable.</summary>
    internal EndPoint LocalEndPoint { get; }

    /// <summary>Whether a client waits to be accepted.</summary>
    internal bool HasClient => Socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Binds <paramref name="endpoint"/>: one listener, or two for both loopback addresses. Any thread.</summary>
    /// <exception cref="ListenException">It can't be listened on; nothing stays open.</exception>
    internal static IEnumerable<Listener> Bind(
        Shard shard, Route route, ProxyEndpoint endpoint, IReadOnlyList<Listener> leaving) =>
        ListenSocket.Open(endpoint, route.Settings, [.. leaving.Select(static listener => listener.Socket)])
            .Select(socket => new Listener(shard, route, endpoint, socket, new AcceptWarning()));

    /// <summary>
    /// Listens on <paramref name="endpoint"/> with those of the <paramref name="inherited"/> sockets that are bound to it;
    /// none when it has to be bound. Any thread.
    /// </summary>
    /// <exception cref="ListenException">One can't be used; nothing stays open.</exception>
    internal static IEnumerable<Listener> Inherit(
        Shard shard, Route route, ProxyEndpoint endpoint, InheritedSockets inherited) =>
        inherited.Open(endpoint, route.Settings)
            .Select(socket => new Listener(shard, route, endpoint, socket, new AcceptWarning()));

    /// <summary>One more listener on the same address for another shard; null when the system has no such thing.</summary>
    /// <exception cref="ListenException">It should be possible, but failed.</exception>
    internal Listener? TryShare(Shard shard) =>
        ListenSocket.TryOpenSibling(Socket, Endpoint, _route.Settings) is { } socket
            ? new Listener(shard, _route, Endpoint, socket, _trouble.Share())
            : null;

    /// <summary>Sends clients from now on to <paramref name="route"/>, with its options.</summary>
    internal void Lead(Route route)
    {
        _route = route;
        ListenSocket.Change(Socket, route.Settings);
    }

    /// <summary>Makes it hand its clients to all of <paramref name="shards"/> in turn. Before the start.</summary>
    internal void HandTo(IReadOnlyList<Shard> shards) => _recipients = shards;

    /// <summary>Begins to accept.</summary>
    internal void Open() => _shard.Loop.Attach(this, Interest.Read);

    /// <summary>Frees the port of one that was never given to its shard. Any thread.</summary>
    internal void Discard() => Socket.Dispose();

    /// <summary>Accepts everybody who has come already, as far as there are places.</summary>
    internal void AcceptAll()
    {
        while (_shard.Listeners.TryEnter() && AcceptConnection())
        {
        }
    }

    /// <summary>Frees the port; clients that wait to be accepted are reset by the system.</summary>
    internal void Close()
    {
        _shard.Loop.Cancel(_resume);
        if (IsAttached)
        {
            _shard.Loop.Detach(this);
        }

        Socket.Dispose();
    }

    /// <summary>Accepts again after a pause; does nothing when there is none.</summary>
    internal void Resume()
    {
        if (!_isPaused)
        {
            return;
        }

        _isPaused = false;
        _shard.Loop.Cancel(_resume);
        _shard.Loop.SetInterest(this, Interest.Read);
    }

    internal override void OnReady(Interest ready)
    {
        for (int accepted = 0; accepted < AcceptBudget; accepted++)
        {
            // That somebody waits is known at first only: later the next Select tells whether to stand in line.
            if (accepted == 0 && !_shard.Listeners.EnterOrStandInLine())
            {
                PauseAtMaximum();
                return;
            }

            if (accepted > 0 && !_shard.Listeners.TryEnter())
            {
                return;
            }

            if (!AcceptConnection())
            {
                return;
            }
        }
    }

    /// <summary>Accepts one client; false when there is no use in trying for another at once.</summary>
    private bool AcceptConnection()
    {
        SocketError error = AcceptCall.TryAccept(Socket, out Socket client);
        if (error == SocketError.Success)
        {
            HandOn(client);
            return true;
        }

        _shard.Listeners.GiveBackPlace();
        switch (error)
        {
            case SocketError.WouldBlock:
                EndBurst();
                return false;

            // accept(2): Linux passes errors that are pending on the new connection, which is then gone.
            case SocketError.ConnectionAborted or SocketError.ConnectionReset or SocketError.Interrupted
                or SocketError.NetworkDown or SocketError.HostDown or SocketError.HostUnreachable
                or SocketError.NetworkUnreachable or SocketError.ProtocolOption or SocketError.OperationNotSupported:
                return true;

            default:
                PauseAfter(error);
                return false;
        }
    }

    /// <summary>Gives the client to the next loop in turn, or keeps it when that one takes none any more.</summary>
    private void HandOn(Socket client)
    {
        Shard next = _recipients[(int)(_turn++ % (uint)_recipients.Count)];
        if (next == _shard || !next.TryHand(_route, client))
        {
            _shard.OnAccepted(_route, client);
        }
    }

    /// <summary>A listener that stays readable while nothing can be accepted would make the loop spin.</summary>
    private void PauseAfter(SocketError error)
    {
        if (_trouble.Begin())
        {
            _shard.Logger.AcceptFailed(Endpoint, ConnectionErrors.Describe(error));
        }

        Pause();
        _shard.Loop.Arm(_resume, _pause);
    }

    private void PauseAtMaximum()
    {
        if (_trouble.Begin())
        {
            _shard.Logger.AtMaximum(Endpoint, _shard.MaxConnections);
        }

        Pause();
    }

    private void Pause()
    {
        _isPaused = true;
        _shard.Loop.SetInterest(this, Interest.None);
    }

    /// <summary>Everybody who waited was accepted: what comes next is worth a warning of its own.</summary>
    private void EndBurst()
    {
        if (_trouble.End())
        {
            _shard.Logger.AcceptsAgain(Endpoint);
        }
    }
}
