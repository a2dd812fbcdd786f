using System.Net.Sockets;
using ProxyCore.Connections.Listening;

namespace ProxyCore.Connections;

/// <summary>Which listeners a change of routes keeps, opens and closes. Made by one thread, then read by the shards.</summary>
/// <remarks>
/// A listener is kept when its endpoint is still configured, and also when another spelling has its address: clients may
/// be queued there. Everything else is opened anew. An endpoint whose routes stay as they are stays the same object.
/// </remarks>
internal sealed class EndpointPlan(IReadOnlyList<BoundEndpoint> from)
{
    // For handshakes that began before the new listener took over: longer than a round trip around the world, shorter
    // than an operator notices.
    private static readonly TimeSpan _handshakeTime = TimeSpan.FromMilliseconds(200);

    private readonly List<Wanted> _wanted = [];
    private readonly List<LedListener> _led = [];
    private readonly List<Listener> _added = [];
    private readonly HashSet<Listener> _removed = [.. from.SelectMany(static endpoint => endpoint.Listeners)];
    private readonly List<BoundEndpoint> _addedEndpoints = [];
    private IReadOnlyList<BoundEndpoint> _removedEndpoints = [];
    private HashSet<Listener> _replaced = [];

    /// <summary>The endpoints that were not configured before.</summary>
    internal IReadOnlyList<BoundEndpoint> Added => _addedEndpoints;

    /// <summary>The endpoints that are configured no more.</summary>
    internal IReadOnlyList<BoundEndpoint> Removed => _removedEndpoints;

    /// <summary>The listeners whose clients go somewhere else than before, of all loops; new ones among them.</summary>
    internal IReadOnlyList<LedListener> Led => _led;

    internal IReadOnlyList<Listener> AddedListeners => _added;

    /// <summary>The listeners to close, of all loops.</summary>
    internal IReadOnlyCollection<Listener> RemovedListeners => _removed;

    /// <summary>Decides which listeners are kept for the endpoints of <paramref name="routes"/>.</summary>
    internal void Keep(IEnumerable<Route> routes)
    {
        _wanted.AddRange(new EndpointGroups(routes).Listened.Select(static one => new Wanted(one.Identity, one.Routes)));

        // First by name, and only what is left by address: an endpoint with an open port has no address of its own.
        Dictionary<string, BoundEndpoint> byName = ByName();
        var taken = new HashSet<BoundEndpoint>(ReferenceEqualityComparer.Instance);
        foreach (Wanted wanted in _wanted)
        {
            if (byName.GetValueOrDefault(wanted.Identity) is { } same && taken.Add(same))
            {
                wanted.Continues = same;
                wanted.Listeners.AddRange(same.Listeners);
                _removed.ExceptWith(same.Listeners);
            }
        }

        KeepByAddress();
        _removedEndpoints = [.. from.Where(one => !taken.Contains(one))];
    }

    /// <summary>Opens the listeners that are missing; returns all endpoints, in the order of the configuration.</summary>
    /// <exception cref="ListenException">One can't be opened; nothing is open that was not before.</exception>
    internal IReadOnlyList<BoundEndpoint> Open(ListenerBinder binder, IReadOnlyList<Shard> shards)
    {
        try
        {
            foreach (Wanted wanted in _wanted.Where(static one => one.Continues is null))
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

        FindReplaced();
        BoundEndpoint[] all = [.. _wanted.Select(static one => one.Bound)];
        _addedEndpoints.AddRange(all.Where((_, index) => _wanted[index].Continues is null));
        return all;
    }

    /// <summary>How long a removed listener stays although its queue is empty: new clients of it may come to another one.</summary>
    internal TimeSpan LingerOf(Listener removed) => _replaced.Contains(removed) ? _handshakeTime : TimeSpan.Zero;

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

    private void KeepByAddress()
    {
        var left = _removed.GroupBy(static listener => listener.Address).ToDictionary(static same => same.Key, static same => same.ToArray());
        foreach (Wanted wanted in _wanted.Where(static one => one.Continues is null && !one.Routes.Endpoint.IsPortOpen))
        {
            foreach (ListenAddress address in ListenAddress.Of(wanted.Routes.Endpoint))
            {
                if (left.Remove(address, out Listener[]? listeners))
                {
                    wanted.Listeners.AddRange(listeners);
                    _removed.ExceptWith(listeners);
                }
            }
        }
    }

    private void FindReplaced()
    {
        ILookup<(int Port, string? Path), Listener> added = _added.ToLookup(static listener => listener.Address.Place);
        _replaced = [.. _removed.Where(removed => added[removed.Address.Place].Any(one => one.Address.Overlaps(removed.Address)))];
    }

    private void PrepareToLead(IReadOnlyList<Shard> shards)
    {
        Dictionary<ListenerSet, int> indexes = shards.Index().ToDictionary(static one => one.Item.Listeners, static one => one.Index);
        foreach (Wanted wanted in _wanted.Where(static one => !one.IsUnchanged))
        {
            IClientAcceptor[] acceptors = [.. shards.Select(shard => new EndpointAcceptor(shard, wanted.Routes))];
            AcceptRate? before = wanted.Listeners.Select(static listener => listener.Rate).FirstOrDefault(static rate => rate is not null);
            var rate = AcceptRate.Continue(before, wanted.Routes.Settings.MaxConnectionRate);
            foreach (Listener listener in wanted.Listeners)
            {
                IClientAcceptor own = acceptors[indexes[listener.Set]];
                _led.Add(new LedListener(listener, wanted.Routes, listener.HandsOver ? acceptors : [own], rate));
            }
        }
    }

    /// <summary>One endpoint of the target.</summary>
    private sealed class Wanted(string identity, EndpointRoutes routes)
    {
        internal string Identity => identity;

        internal EndpointRoutes Routes => routes;

        /// <summary>The same endpoint as it was configured before, so that all its listeners are there; null for a new one.</summary>
        internal BoundEndpoint? Continues { get; set; }

        /// <summary>Whether its clients go where they went before.</summary>
        internal bool IsUnchanged => Continues is { } before && before.Identity == identity && before.Routes.LeadsAs(routes);

        internal List<Listener> Listeners { get; } = [];

        internal BoundEndpoint Bound => IsUnchanged
            ? Continues!
            : new(identity, routes, [.. Listeners.OrderBy(static one => one.Address.Address?.AddressFamily == AddressFamily.InterNetworkV6)]);
    }
}
