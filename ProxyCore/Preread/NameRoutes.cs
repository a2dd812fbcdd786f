using ProxyCore.Preread.Tls;
using ProxyCore.Settings;

namespace ProxyCore.Preread;

/// <summary>Routes by server name: exact names, wildcards, and those without names.</summary>
internal sealed class NameRoutes
{
    private readonly Dictionary<string, AlpnRoutes> _exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AlpnRoutes> _below = new(StringComparer.Ordinal);
    private readonly AlpnRoutes _anyName = new();

    internal void Add(RouteRule rule, int index)
    {
        if (rule.ServerNames.Count == 0)
        {
            _anyName.Add(rule.Alpn, index);
        }

        foreach (string name in rule.ServerNames)
        {
            bool wildcard = name.StartsWith(ServerName.WildcardPrefix, StringComparison.Ordinal);
            AlpnRoutes routes = wildcard ? At(_below, name[ServerName.WildcardPrefix.Length..]) : At(_exact, name);
            routes.Add(rule.Alpn, index);
        }
    }

    /// <summary>The index of the route; -1 if none is for this client.</summary>
    internal int Find(ClientHello? hello)
    {
        int route = hello?.ServerName is string name ? FindByName(name, hello) : AlpnRoutes.None;
        return route >= 0 ? route : _anyName.Find(hello);
    }

    private static AlpnRoutes At(Dictionary<string, AlpnRoutes> routes, string name)
    {
        if (!routes.TryGetValue(name, out AlpnRoutes? found))
        {
            routes[name] = found = new AlpnRoutes();
        }

        return found;
    }

    private int FindByName(string name, ClientHello hello)
    {
        int route = _exact.TryGetValue(name, out AlpnRoutes? exact) ? exact.Find(hello) : AlpnRoutes.None;
        return route >= 0 || _below.Count == 0 ? route : FindBelow(name, hello);
    }

    /// <summary>Tries the name without its first label, then without the first two: the longest wildcard first.</summary>
    private int FindBelow(ReadOnlySpan<char> name, ClientHello hello)
    {
        Dictionary<string, AlpnRoutes>.AlternateLookup<ReadOnlySpan<char>> below =
            _below.GetAlternateLookup<ReadOnlySpan<char>>();
        int dot;
        while ((dot = name.IndexOf('.')) >= 0)
        {
            name = name[(dot + 1)..];
            if (below.TryGetValue(name, out AlpnRoutes? routes) && routes.Find(hello) is >= 0 and int route)
            {
                return route;
            }
        }

        return AlpnRoutes.None;
    }
}
