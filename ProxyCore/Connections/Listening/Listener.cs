using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Sockets;
using ProxyCore.Diagnostics;
using ProxyCore.Loop;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Listening;

/// <summary>One listening socket. Belongs to the loop's thread once it is added to its <see cref="ListenerSet"/>.</summary>
internal sealed class Listener : Watched
{
    /// <summary>How many clients are accepted in one turn of the loop, so that a storm does not starve the relays.</summary>
    internal const int AcceptBudget = 64;

    private readonly ListenerSet _set;
    private readonly AcceptPause _pause;
    private readonly UnixSocketFile? _file;
    private IReadOnlyList<IClientAcceptor> _acceptors = [];
    private RouteSettings _settings;
    private AcceptRate? _rate;
    private ListenerDrain? _drain;
    private uint _accepted;

    private Listener(ListenerSet set, ProxyEndpoint endpoint, RouteSettings settings, Socket socket, AcceptWarning warning)
        : base(socket, set)
    {
        _set = set;
        _settings = settings;
        _pause = new AcceptPause(this, set, warning);
        Endpoint = endpoint;
        LocalEndPoint = socket.LocalEndPoint!;
        Address = ListenAddress.Of(socket);
        _file = Address.Path is { } path ? new UnixSocketFile(path) : null;
    }

    /// <summary>The listeners of its loop. Immutable.</summary>
    internal ListenerSet Set => _set;

    /// <summary>The endpoint that it is configured as.</summary>
    internal ProxyEndpoint Endpoint { get; private set; }

    /// <summary>The address that it is bound to. Immutable.</summary>
    internal EndPoint LocalEndPoint { get; }

    /// <summary>The same, comparable. Immutable.</summary>
    internal ListenAddress Address { get; }

    /// <summary>Whether the socket was handed over by another process, which keeps its queue of clients. Immutable.</summary>
    internal bool IsInherited { get; private init; }

    /// <summary>Whether its loop accepts for all loops. Set before the start.</summary>
    internal bool HandsOver { get; set; }

    /// <summary>Where its clients go: first its own loop, then the others. Any thread reads it.</summary>
    internal IReadOnlyList<IClientAcceptor> Acceptors => Volatile.Read(ref _acceptors);

    /// <summary>How fast the listeners of its endpoint accept; null is as fast as clients come. Any thread reads it.</summary>
    internal AcceptRate? Rate => Volatile.Read(ref _rate);

    /// <summary>Whether its set has taken it, and with it the care for its end. For other threads, once they know that the loop has done its part.</summary>
    internal bool IsTaken { get; set; }

    /// <summary>Whether its port is free. Any thread.</summary>
    internal bool IsClosed => Socket.SafeHandle.IsClosed;

    /// <summary>Whether a client is queued.</summary>
    internal bool HasClient => Socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Binds <paramref name="address"/>, for the first listener on it; it does not listen yet. Any thread.</summary>
    /// <exception cref="SocketException">It can't be bound.</exception>
    internal static Listener Bind(
        ListenerSet set, ProxyEndpoint endpoint, RouteSettings settings, ListenAddress address, bool shares) =>
        new(
            set,
            endpoint,
            settings,
            endpoint.Path is { } path ? ListenSocket.BindUnix(path) : ListenSocket.BindTcp(address, settings, shares),
            new AcceptWarning());

    /// <summary>Binds the same address once more, for another loop; it does not listen yet. Any thread.</summary>
    /// <exception cref="SocketException">It can't be bound, or the system has no sharing.</exception>
    internal Listener BindSibling(ListenerSet set) =>
        new(set, Endpoint, _settings, ListenSocket.BindTcp(Address, _settings, shares: true), _pause.ShareWarning());

    /// <summary>A listener with <paramref name="socket"/>, on which another process listens, too. Any thread.</summary>
    internal static Listener Inherit(ListenerSet set, ProxyEndpoint endpoint, RouteSettings settings, Socket socket) =>
        new(set, endpoint, settings, socket, new AcceptWarning()) { IsInherited = true };

    /// <summary>Begins to queue clients. Any thread.</summary>
    /// <exception cref="SocketException">Another socket has listened there since the bind.</exception>
    internal void Listen() => Socket.Listen(_settings.Backlog);

    /// <summary>
    /// Makes it the listener of <paramref name="endpoint"/>, with the options of <paramref name="settings"/>: sends further
    /// clients to <paramref name="acceptors"/>, no faster than <paramref name="rate"/>. An option that can't be set leaves all
    /// options as they were.
    /// </summary>
    internal void Lead(
        ProxyEndpoint endpoint, RouteSettings settings, IReadOnlyList<IClientAcceptor> acceptors, AcceptRate? rate = null)
    {
        Endpoint = endpoint;
        Volatile.Write(ref _acceptors, acceptors);
        ChangeRate(rate);
        if (TcpOptions.TryChange(Socket, _settings, settings) is { } error)
        {
            _set.Logger.KeepsTcpOptions(Endpoint, error);
            return;
        }

        _settings = settings;
    }

    /// <summary>Begins to accept.</summary>
    internal void Open() => _set.Loop.Attach(this, Interest.Read);

    /// <summary>Lets no new client in: see <see cref="ListenSocket.Deafen"/>. Any thread.</summary>
    internal void Deafen()
    {
        // An inherited socket goes on at its other owner.
        if (!IsInherited)
        {
            _file?.Remove();
            ListenSocket.Deafen(Socket);
        }
    }

    /// <summary>
    /// Accepts the clients that are queued, and closes once none is left: after <paramref name="linger"/> at the earliest,
    /// for handshakes under way, and after <paramref name="limit"/> at the latest.
    /// </summary>
    internal void Drain(TimeSpan linger, TimeSpan limit)
    {
        if (IsInherited || !IsAttached)
        {
            Close();
            return;
        }

        Deafen();
        _drain ??= new ListenerDrain(_set.Loop, this);
        _drain.Begin(linger, limit);
    }

    /// <summary>Frees the port; clients that are still queued are reset by the system.</summary>
    internal void Close()
    {
        _drain?.Cancel();
        _pause.TryEndAny();
        if (IsAttached)
        {
            _set.Loop.Detach(this);
        }

        CloseSocket();
        _set.OnClosed(this);
    }

    /// <summary>Frees the port of a listener that was never added to its set. Any thread.</summary>
    internal void Abandon() => CloseSocket();

    private void CloseSocket()
    {
        if (_file is not null && !IsInherited)
        {
            _file.Close(Socket);
            return;
        }

        Socket.Dispose();
    }

    /// <summary>
    /// Accepts again after a pause for want of a slot or a descriptor, or when its time is over; does nothing when there is
    /// none.
    /// </summary>
    internal void Resume()
    {
        if (_pause.TryEnd())
        {
            AcceptAgain();
        }
    }

    internal override void OnReady(Interest ready)
    {
        AcceptClients();
        _drain?.CloseIfDone();
    }

    private void AcceptAgain()
    {
        _set.Loop.SetInterest(this, Interest.Read);
        _drain?.CloseIfDone();
    }

    private void ChangeRate(AcceptRate? rate)
    {
        if (rate == _rate)
        {
            return;
        }

        // A pause was for the old rate. It may have been for something else: then the next accept finds that out.
        Volatile.Write(ref _rate, rate);
        if (_pause.TryEndAny())
        {
            AcceptAgain();
        }
    }

    private void AcceptClients()
    {
        int? queued = AcceptCall.CountQueued(Socket);
        for (int accepted = 0; accepted < AcceptBudget; accepted++)
        {
            if (accepted >= queued)
            {
                _pause.EndBurst();
                return;
            }

            // A client behind the first has to wait for no slot here: the next Select finds it.
            if (!TryTakePermit(isClientQueued: accepted == 0) || !AcceptConnection(isQueued: queued is not null))
            {
                return;
            }
        }
    }

    /// <summary>Takes what one client needs: a slot, and its share of the rate. Pauses when a client has to wait for it.</summary>
    private bool TryTakePermit(bool isClientQueued)
    {
        if (isClientQueued ? !_set.TakeSlotOrWait() : !_set.TryTakeSlot())
        {
            if (isClientQueued)
            {
                _pause.BeginAtMaximum();
            }

            return false;
        }

        if (_rate is null || _rate.TryTake(_set.Loop.SharedNow))
        {
            return true;
        }

        _set.ReleaseSlot();
        if (isClientQueued)
        {
            _pause.BeginAtRate(_rate);
        }

        return false;
    }

    /// <summary>Accepts one client with the permit that was taken; false when it is useless to try another at once.</summary>
    private bool AcceptConnection(bool isQueued)
    {
        SocketError error = TryAccept(isQueued, out AcceptedClient client);
        if (error == SocketError.Success)
        {
            HandOn(client);
            return true;
        }

        _set.ReleaseSlot();
        _rate?.GiveBack();
        if (error == SocketError.WouldBlock)
        {
            _pause.EndBurst();
            return false;
        }

        if (AcceptCall.IsOfOneClient(error))
        {
            return true;
        }

        _pause.BeginAfter(error);
        return false;
    }

    /// <summary>An exception here ends the attempt like an error: the slot is given back in one place.</summary>
    private SocketError TryAccept(bool isQueued, out AcceptedClient client)
    {
        try
        {
            return AcceptCall.TryAccept(Socket, Acceptors[0].WantsAddress, out client, isQueued);
        }
        catch (Exception exception)
        {
            _set.Logger.LoopFault(exception);
            client = default;
            return SocketError.SocketError;
        }
    }

    /// <summary>Gives the client to the next loop in turn, or to its own when that one takes no more.</summary>
    private void HandOn(AcceptedClient client)
    {
        IReadOnlyList<IClientAcceptor> acceptors = Acceptors;
        int next = (int)(_accepted++ % (uint)acceptors.Count);
        if (next != 0 && acceptors[next].TryHand(client))
        {
            return;
        }

        try
        {
            acceptors[0].Accept(client);
        }
        catch (Exception exception)
        {
            client.Socket.Close(0);
            _set.ReleaseSlot();
            _set.Logger.LoopFault(exception);
        }
    }
}
