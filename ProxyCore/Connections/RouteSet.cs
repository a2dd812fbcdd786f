using ProxyCore.Connections.Limiting;
using ProxyCore.Connections.Pools;
using ProxyCore.Connections.Sockets;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>The routes of a proxy at one time, and where each is listened on. Immutable, safe for any thread.</summary>
/// <param name="Routes">By name.</param>
/// <param name="Endpoints">In the order of the configuration.</param>
/// <param name="Former">Routes that were removed, as long as their pools are in use; the one that was removed last comes first.</param>
/// <param name="Extensions">The user's code.</param>
internal sealed record RouteSet(
    IReadOnlyDictionary<string, Route> Routes,
    IReadOnlyList<BoundEndpoint> Endpoints,
    IReadOnlyList<Route> Former,
    Extensions Extensions)
{
    internal static RouteSet Empty => new(new Dictionary<string, Route>(), [], [], new Extensions(null, [], [])) { Gate = new ClientGate() };

    /// <summary>Which clients the proxy lets in, to any route. The same in all sets of a proxy.</summary>
    internal required ClientGate Gate { get; init; }

    /// <summary>Whether the configuration has something to ask a gate about, of the proxy or of a route.</summary>
    internal bool HasConfiguredGates { get; init; }

    /// <summary>Whether a gate, of the proxy or of a route, has to be asked about clients.</summary>
    internal bool HasGates => HasConfiguredGates || !Gate.IsOpen;

    /// <summary>Whether the user's code chooses the route, so that a client may come to one of another endpoint.</summary>
    internal bool HasSelector => Extensions.Selector is not null;

    /// <summary>The pools of all routes.</summary>
    internal IEnumerable<RoutePool> Pools => Routes.Values.Select(static route => route.Pool);

    /// <summary>The gates of the proxy and of its routes.</summary>
    internal IEnumerable<ClientGate> Gates => Routes.Values.Select(static route => route.Gate).Prepend(Gate);

    /// <summary>The route for a client that the rules lead to <paramref name="route"/>: that one, or another that the user's code chooses.</summary>
    /// <exception cref="InvalidOperationException">It chose one that does not exist.</exception>
    internal Route? ChooseRoute(Route? route, IIdentifiedClient client)
    {
        if (Extensions.Selector is not { } selector)
        {
            return route;
        }

        string? name = selector.ChooseRoute(ClientAddress.InfoOf(route?.Settings.Name ?? "", client));
        return name is null
            ? route
            : Routes.GetValueOrDefault(name) ?? throw new InvalidOperationException(
                $"{selector.GetType()} chose the route '{Printable.Shorten(name)}', which does not exist.");
    }
}
