using System.Net;
using System.Net.Sockets;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Sockets;

/// <summary>
/// Finds upstreams that are listeners of the proxy itself and lead back to their own route: each client would become a new
/// client of the proxy, until its maximum is reached.
/// </summary>
internal static class OwnListeners
{
    private const int MostWarnings = 20;

    /// <summary>A sentence for each such upstream, up to a bound. Names of upstreams are not looked up.</summary>
    internal static IReadOnlyList<string> Warnings(ProxySettings settings)
    {
        Hop[] hops = [.. FindHops(settings.Routes)];
        if (hops.Length == 0)
        {
            return [];
        }

        ILookup<RouteSettings, RouteSettings> next = hops.ToLookup<Hop, RouteSettings, RouteSettings>(
            static hop => hop.From, static hop => hop.To, ReferenceEqualityComparer.Instance);
        return [.. hops.Where(hop => LeadsTo(hop.To, hop.From, next)).Take(MostWarnings).Select(Sentence)];
    }

    private static IEnumerable<Hop> FindHops(IReadOnlyList<RouteSettings> routes)
    {
        ILookup<int, (ListenSettings Listen, RouteSettings Route)> listeners = routes
            .SelectMany(static route => route.Listen.Select(listen => (listen, route)))
            .Where(static one => !one.listen.Endpoint.IsPortOpen)
            .ToLookup(static one => one.listen.Endpoint.Port);
        return from route in routes
               from upstream in route.Pool.Upstreams
               from listener in listeners[upstream.Endpoint.Port]
               where IsSame(upstream.Endpoint, listener.Listen.Endpoint)
               select new Hop(route, upstream.Endpoint, listener.Route);
    }

    private static bool LeadsTo(RouteSettings from, RouteSettings target, ILookup<RouteSettings, RouteSettings> next)
    {
        var seen = new HashSet<RouteSettings>(ReferenceEqualityComparer.Instance) { from };
        var open = new Stack<RouteSettings>(seen);
        while (open.TryPop(out RouteSettings? route))
        {
            if (ReferenceEquals(route, target))
            {
                return true;
            }

            foreach (RouteSettings one in next[route].Where(seen.Add))
            {
                open.Push(one);
            }
        }

        return false;
    }

    private static string Sentence(Hop hop) => ReferenceEquals(hop.From, hop.To)
        ? $"Route {hop.From.Name}: its upstream {hop.Upstream} is its own listener, so each client becomes a new client of the proxy"
        : $"Route {hop.From.Name}: its upstream {hop.Upstream} is a listener of route {hop.To.Name}, which leads back to route {hop.From.Name}";

    private static bool IsSame(ProxyEndpoint upstream, ProxyEndpoint listener) => upstream.Kind switch
    {
        ProxyEndpointKind.UnixSocket => upstream.Identity == listener.Identity,
        ProxyEndpointKind.Loopback => Listens(listener, IPAddress.Loopback) || Listens(listener, IPAddress.IPv6Loopback),
        ProxyEndpointKind.Address => Listens(listener, Reached(upstream.Address!)),
        _ => false,
    };

    // A connect to "every address" reaches the loopback address.
    private static IPAddress Reached(IPAddress address) =>
        address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;

    private static bool Listens(ProxyEndpoint listener, IPAddress address) =>
        ListenAddresses.Includes(listener, address) && (IPAddress.IsLoopback(address) || IsOfThisMachine(address));

    /// <summary>Whether an address is one of this machine: only then can a socket have it.</summary>
    private static bool IsOfThisMachine(IPAddress address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Clients of one route come to another, or to the same.</summary>
    /// <param name="From">The route.</param>
    /// <param name="Upstream">Its upstream.</param>
    /// <param name="To">The route that listens there.</param>
    private readonly record struct Hop(RouteSettings From, ProxyEndpoint Upstream, RouteSettings To);
}
