using ProxyCore.Preread.Tls;

namespace ProxyCore.Preread;

/// <summary>
/// Chooses the route of a connection by what its ClientHello says. The server name decides first: a route with exactly this
/// name, then those with a wildcard, the longest first, then those without names. Among the routes of one name, the ALPN
/// decides. If none of them fits, the next name is tried. Finding a route allocates nothing.
/// </summary>
internal sealed class RouteRules
{
    /// <summary>
    /// Routes for the validation of certificates come before all others: a validation asks for the name of another route.
    /// </summary>
    private readonly NameRoutes _acme = new();
    private readonly NameRoutes _others = new();

    internal RouteRules(IReadOnlyList<RouteRule> rules)
    {
        for (int index = 0; index < rules.Count; index++)
        {
            (rules[index].IsAcmeOnly ? _acme : _others).Add(rules[index], index);
        }
    }

    /// <summary>The index of the route; -1 if none is for this client.</summary>
    /// <param name="hello">What the client has said; null if it has not begun TLS.</param>
    internal int Find(ClientHello? hello)
    {
        int route = _acme.Find(hello);
        return route >= 0 ? route : _others.Find(hello);
    }
}
