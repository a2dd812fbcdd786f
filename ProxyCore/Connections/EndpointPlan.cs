using System.Net.Sockets;
using ProxyCore.Connections.Listening;
using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>Which listeners a change of routes keeps, opens and closes. Made by one thread, then read by the shards.</summary>
/// <remarks>
/// A listener is kept when its endpoint is still configured, and also when another spelling has its address: clients may
/// be queued there. Everything else is opened anew.
/// </remarks>
internal sealed class EndpointPlan(IReadOnlyList<BoundEndpoint> from)
{
    private readonly List<Wanted> _wanted = [];
    private readonly List<(Listener Listener, Wanted To, IReadOnlyList<IClientAcceptor> Acceptors, AcceptRate? Rate)> _led = [];
    private readonly List<Listener> _added = [];
    private readonly HashSet<Listener> _removed = [.. from.SelectMany(static endpoint => endpoint.Listeners)];
    private readonly List<BoundEndpoint> _addedEndpoints = [];
    private IReadOnlyList<BoundEndpoint> _removedEndpoints = [];

    /// <summary>The endpoints that were not configured before.</summary>
    internal IReadOnlyList<BoundEndpoint> Added => _addedEndpoints;

    /// <summary>The endpoints that are configured no more.</summary>
    internal IReadOnlyList<BoundEndpoint> Removed => _removedEndpoints;

    internal IReadOnlyList<Listener> AddedListeners => _added;

    /// <summary>The listeners to close, of all loops.</summary>
    internal IReadOnlyList<Listener> RemovedListeners => [.. _removed];

    /// <summary>Decides which listeners are kept for the endpoints of <paramref name="routes"/>.</summary>
    internal void Keep(IEnumerable<Route> routes)
    {
        AddWanted(routes);

        // First by name, and only what is left by address: an endpoint with an open port has no address of its own.
        Dictionary<string, BoundEndpoint> byName = ByName();
        var taken = new HashSet<BoundEndpoint>();
        foreach (Wanted wanted in _wanted)
        {
            if (byName.GetValueOrDefault(wanted.Identity) is { } same && taken.Add(same))
            {
                wanted.IsOld = true;
                wanted.Listeners.AddRange(same.Listeners);
                _removed.ExceptWith(same.Listeners);
            }
        }

        foreach (Wanted wanted in _wanted.Where(static one => !one.IsOld && !one.Routes.Endpoint.IsPortOpen))
        {
            IReadOnlyList<ListenAddress> addresses = ListenAddress.Of(wanted.Routes.Endpoint);
            wanted.Listeners.AddRange(_removed.Where(listener => addresses.Contains(listener.Address)));
            _removed.ExceptWith(wanted.Listeners);
        }

        _removedEndpoints = [.. from.Where(one => !taken.Contains(one))];
    }

    /// <summary>Opens the listeners that are missing; returns all endpoints, in the order of the configuration.</summary>
    /// <exception cref="ListenException">One can't be opened; nothing is open that was not before.</exception>
    internal IReadOnlyList<BoundEndpoint> Open(ListenerBinder binder, IReadOnlyList<Shard> shards)
    {
        try
        {
            foreach (Wanted wanted in _wanted.Where(static one => !one.IsOld))
            {
                HashSet<ListenAddress> kept = [.. wanted.Listeners.Select(static listener => listener.Address)];
                IReadOnlyList<Listener> opened = binder.Bind(wanted.Routes.Endpoint, wanted.Routes.First.Settings, kept);
                wanted.Listeners.AddRange(opened);
                _added.AddRange(opened);
            }

            PrepareToLead(shards);
            binder.Listen();
        }
        catch
        {
            binder.TakeBack();
            throw;
        }

        binder.Unshare();

        // All at once: of several listeners on one address, Linux still chooses one that ignores new clients.
        foreach (Listener listener in _removed)
        {
            listener.Deafen();
        }

        BoundEndpoint[] all = [.. _wanted.Select(static one => one.Bound)];
        _addedEndpoints.AddRange(all.Where((_, index) => !_wanted[index].IsOld));
        return all;
    }

    /// <summary>Leads the clients of the listeners of <paramref name="shard"/> to their routes.</summary>
    internal void Lead(Shard shard)
    {
        foreach ((Listener listener, Wanted to, IReadOnlyList<IClientAcceptor> acceptors, AcceptRate? rate) in _led)
        {
            if (listener.Set == shard.Listeners)
            {
                listener.Lead(to.Routes.Endpoint, to.Routes.First.Settings, acceptors, rate);
            }
        }
    }

    /// <summary>Whether new clients of a removed listener come to another one.</summary>
    internal bool HasSuccessor(Listener removed) => _added.Exists(added => added.Address.Overlaps(removed.Address));

    /// <summary>Every endpoint once, with the routes that share it.</summary>
    private void AddWanted(IEnumerable<Route> routes)
    {
        IEnumerable<(string Identity, ListenSettings Listen, Route Route)> listens = routes.SelectMany(static route => route.Settings.Listen.Select(
            (listen, index) => (BoundEndpoint.IdentityOf(route.Settings, listen.Endpoint, index), listen, route)));
        EndpointGroup[] groups = [.. listens.GroupBy(static one => one.Identity).Select(static same => new EndpointGroup(
            same.Key, same.First().Listen, [.. same.Select(static one => one.Route)]))];
        foreach (EndpointGroup group in groups.Where(group => !groups.Any(wide => wide.Covers(group))))
        {
            _wanted.Add(new Wanted(group.Identity, group.MakeRoutes(groups)));
        }
    }

    private Dictionary<string, BoundEndpoint> ByName()
    {
        var byName = new Dictionary<string, BoundEndpoint>();
        foreach (BoundEndpoint endpoint in from)
        {
            byName.TryAdd(endpoint.BoundIdentity, endpoint);
        }

        foreach (BoundEndpoint endpoint in from)
        {
            byName[endpoint.Identity] = endpoint;
        }

        return byName;
    }

    private void PrepareToLead(IReadOnlyList<Shard> shards)
    {
        foreach (Wanted wanted in _wanted)
        {
            IClientAcceptor[] acceptors = [.. shards.Select(shard => new EndpointAcceptor(shard, wanted.Routes))];
            AcceptRate? before = wanted.Listeners.Select(static listener => listener.Rate).FirstOrDefault(static rate => rate is not null);
            var rate = AcceptRate.Continue(before, wanted.Routes.Settings.MaxConnectionRate);
            foreach (Listener listener in wanted.Listeners)
            {
                int own = shards.ToList().FindIndex(shard => shard.Listeners == listener.Set);
                _led.Add((listener, wanted, listener.HandsOver ? acceptors : [acceptors[own]], rate));
            }
        }
    }

    /// <summary>One endpoint of the target.</summary>
    private sealed class Wanted(string identity, EndpointRoutes routes)
    {
        internal string Identity => identity;

        internal EndpointRoutes Routes => routes;

        /// <summary>Whether it was configured before, so that all its listeners are there.</summary>
        internal bool IsOld { get; set; }

        internal List<Listener> Listeners { get; } = [];

        internal BoundEndpoint Bound => new(
            identity,
            routes,
            [.. Listeners.OrderBy(static one => one.Address.Address?.AddressFamily == AddressFamily.InterNetworkV6)]);
    }
}
