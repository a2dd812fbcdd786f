using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Sockets;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Listening;

/// <summary>
/// Opens new listeners in two steps: first all are bound, then all listen. A failure closes what it has opened. Decides
/// how clients are distributed over the loops. Any thread, for one change.
/// </summary>
/// <param name="sets">The listeners of each loop.</param>
/// <param name="spread">How clients are distributed.</param>
/// <param name="inherited">Sockets that listen already.</param>
/// <param name="draining">Listeners that close when the new ones are open: they do not exclude those.</param>
internal sealed class ListenerBinder(
    IReadOnlyList<ListenerSet> sets, ClientSpread spread, InheritedSockets inherited, IReadOnlyList<Listener> draining)
{
    private const int PortAttempts = 16;

    private readonly ILookup<(int Port, string? Path), Listener> _draining = draining.ToLookup(static listener => listener.Address.Place);
    private readonly List<ListenerGroup> _groups = [];
    private readonly List<Listener> _madeShared = [];

    /// <summary>
    /// Binds the addresses of <paramref name="endpoint"/>, except those in <paramref name="kept"/>. They listen only after
    /// <see cref="Listen"/>.
    /// </summary>
    /// <exception cref="ListenException">An address can't be bound.</exception>
    internal IReadOnlyList<Listener> Bind(ProxyEndpoint endpoint, RouteSettings settings, IReadOnlyCollection<ListenAddress> kept)
    {
        int before = _groups.Count;
        Inherit(endpoint, settings, kept);
        if (_groups.Count == before)
        {
            BindAddresses(endpoint, settings, kept);
        }

        return [.. _groups.Skip(before).SelectMany(static group => group.Listeners)];
    }

    /// <summary>Makes every bound socket listen.</summary>
    /// <exception cref="ListenException">One can't listen, because another process has listened there since the bind.</exception>
    internal void Listen()
    {
        foreach (ListenerGroup group in _groups)
        {
            try
            {
                group.Listen();
                _madeShared.RemoveAll(listener => group.IsShared && listener == group.First);
            }
            catch (SocketException exception)
            {
                throw ListenSocket.CannotListen(group.First.Endpoint, exception);
            }
        }
    }

    /// <summary>
    /// Closes all that was opened. Clients that have come to one meanwhile go to the listener whose place it was to take,
    /// and which stays now.
    /// </summary>
    internal void TakeBack()
    {
        Listener[] opened = [.. _groups.SelectMany(static group => group.Listeners)];
        foreach (Listener listener in opened)
        {
            listener.Deafen();
        }

        foreach (Listener listener in opened)
        {
            if (Overlapping(listener.Address).FirstOrDefault() is { } predecessor)
            {
                HandBack(listener, predecessor);
            }

            listener.Abandon();
        }

        _groups.Clear();
        Unshare();
    }

    /// <summary>Ends the sharing that only the change needed, so that no other process is let in.</summary>
    internal void Unshare()
    {
        foreach (Listener listener in _madeShared)
        {
            try
            {
                ListenSocket.Share(listener.Socket, false);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // Closed meanwhile: a socket that is gone lets nobody in.
            }
        }

        _madeShared.Clear();
    }

    private static void HandBack(Listener from, Listener to)
    {
        ConnectionSlots slots = to.Set.Slots;
        IClientAcceptor acceptor = to.Acceptors[0];
        while (AcceptCall.TryAccept(from.Socket, acceptor.WantsAddress, out AcceptedClient client) == SocketError.Success)
        {
            if (!slots.TryTake())
            {
                client.Socket.Close(0);
            }
            else if (!acceptor.TryHand(client))
            {
                slots.Release();
                client.Socket.Close(0);
            }
        }
    }

    /// <summary>
    /// Clients in the queue of a listener that the proxy has opened are reset when it ends; those in the queue of an
    /// inherited one belong to the next process. So an inherited socket is the only queue of its address.
    /// </summary>
    private void Inherit(ProxyEndpoint endpoint, RouteSettings settings, IReadOnlyCollection<ListenAddress> kept)
    {
        foreach (Socket socket in inherited.Open(endpoint, settings))
        {
            if (kept.Contains(ListenAddress.Of(socket)))
            {
                socket.Dispose();
                continue;
            }

            Listener listener = Listener.Inherit(sets[0], endpoint, settings, socket);
            listener.HandsOver = true;
            _groups.Add(new ListenerGroup(listener, isListening: true));
        }
    }

    private void BindAddresses(ProxyEndpoint endpoint, RouteSettings settings, IReadOnlyCollection<ListenAddress> kept)
    {
        if (endpoint.Kind == ProxyEndpointKind.UnixSocket && kept.Count == 0)
        {
            UnixSocketFile.RemoveStale(endpoint);
        }

        try
        {
            switch (endpoint.Kind)
            {
                case ProxyEndpointKind.Loopback:
                    BindLoopback(endpoint, settings, kept);
                    break;
                case ProxyEndpointKind.Any:
                    BindAny(endpoint, settings, kept);
                    break;
                default:
                    BindMissing(endpoint, settings, ListenAddress.Of(endpoint)[0], kept);
                    break;
            }
        }
        catch (SocketException exception)
        {
            throw ListenSocket.CannotListen(endpoint, exception);
        }
    }

    private void BindLoopback(ProxyEndpoint endpoint, RouteSettings settings, IReadOnlyCollection<ListenAddress> kept)
    {
        for (int attempt = 1; ; attempt++)
        {
            int before = _groups.Count;
            BindMissing(endpoint, settings, ListenAddress.At(IPAddress.Loopback, endpoint.Port), kept);
            int port = endpoint.Port == 0 ? _groups[^1].First.Address.Port : endpoint.Port;
            try
            {
                BindMissing(endpoint, settings, ListenAddress.At(IPAddress.IPv6Loopback, port), kept);
                return;
            }
            catch (SocketException exception) when (HasNoIPv6(exception.SocketErrorCode))
            {
                return;
            }
            catch (SocketException) when (endpoint.Port == 0 && attempt < PortAttempts)
            {
                // The port that the system chose for one family is taken in the other: let it choose again.
                _groups[before].Abandon();
                _groups.RemoveRange(before, _groups.Count - before);
            }
        }
    }

    private void BindAny(ProxyEndpoint endpoint, RouteSettings settings, IReadOnlyCollection<ListenAddress> kept)
    {
        ListenAddress any = ListenAddress.Of(endpoint)[0];
        try
        {
            BindMissing(endpoint, settings, any, kept);
        }
        catch (SocketException exception) when (any.IsDual && HasNoIPv6(exception.SocketErrorCode))
        {
            BindMissing(endpoint, settings, ListenAddress.At(IPAddress.Any, endpoint.Port), kept);
        }
    }

    private static bool HasNoIPv6(SocketError error) =>
        error is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable
            or SocketError.ProtocolFamilyNotSupported or SocketError.OperationNotSupported;

    /// <summary>Binds one address for every loop, unless it is kept.</summary>
    private void BindMissing(
        ProxyEndpoint endpoint, RouteSettings settings, ListenAddress address, IReadOnlyCollection<ListenAddress> kept)
    {
        if (kept.Contains(address))
        {
            return;
        }

        // A socket that does not share is refused an address that any other process listens on. So it shares only with
        // the listeners whose place it takes.
        Listener[] predecessors = address.Path is null ? [.. Overlapping(address)] : [];
        ShareTemporarily(predecessors);
        Listener first = Listener.Bind(sets[0], endpoint, settings, address, shares: predecessors.Length > 0);
        var group = new ListenerGroup(first, isListening: false);
        _groups.Add(group);
        if (predecessors.Length > 0)
        {
            _madeShared.Add(first);
        }

        if (spread == ClientSpread.HandOver || address.Path is not null || !group.TryBindSiblings(sets))
        {
            first.HandsOver = true;
        }
    }

    private IEnumerable<Listener> Overlapping(ListenAddress address) => _draining[address.Place].Where(old => old.Address.Overlaps(address));

    private void ShareTemporarily(IEnumerable<Listener> listeners)
    {
        foreach (Listener listener in listeners)
        {
            try
            {
                if (!ListenSocket.IsShared(listener.Socket))
                {
                    ListenSocket.Share(listener.Socket, true);
                    _madeShared.Add(listener);
                }
            }
            catch (ObjectDisposedException)
            {
                // Its queue has become empty meanwhile: it is in the way no more.
            }
        }
    }
}
