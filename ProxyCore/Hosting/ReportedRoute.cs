using System.Globalization;

namespace ProxyCore.Hosting;

/// <summary>A route of a configuration with the name that logs give it. Compared by reference.</summary>
internal sealed class ReportedRoute
{
    private ReportedRoute(string name, RouteOptions options)
    {
        Name = name;
        Options = options;
    }

    internal string Name { get; }

    internal RouteOptions Options { get; }

    private bool IsNamed => Options.Name is not null;

    /// <summary>Its endpoints, each with the clients that it serves there.</summary>
    private IEnumerable<string> Endpoints
    {
        get
        {
            string clients = $"{string.Join(',', Options.ServerNames)};{string.Join(',', Options.Alpn)}";
            return Options.Listen.Select(listen => $"{listen.Address} {clients}");
        }
    }

    internal static ReportedRoute[] Of(TcpProxyOptions options) =>
    [
        .. options.Routes.Select(static (route, index) => new ReportedRoute(
            route.Name ?? string.Create(CultureInfo.InvariantCulture, $"route{index + 1}"), route)),
    ];

    /// <summary>
    /// The route that each new one continues, as the proxy itself finds it: by its name, else by an endpoint, else, without a
    /// name, by its place.
    /// </summary>
    internal static Dictionary<ReportedRoute, ReportedRoute> Match(ReportedRoute[] before, ReportedRoute[] after)
    {
        var continued = new Dictionary<ReportedRoute, ReportedRoute>();
        Add(continued, before, after, static route => route.IsNamed ? [route.Name] : []);
        Add(continued, before, after, static route => route.Endpoints);
        Add(continued, before, after, static route => route.IsNamed ? [] : [route.Name]);
        return continued;
    }

    private static void Add(
        Dictionary<ReportedRoute, ReportedRoute> continued,
        ReportedRoute[] before,
        ReportedRoute[] after,
        Func<ReportedRoute, IEnumerable<string>> keysOf)
    {
        var free = new Dictionary<string, ReportedRoute>(StringComparer.Ordinal);
        foreach (ReportedRoute route in before.Except(continued.Values))
        {
            foreach (string key in keysOf(route))
            {
                free.TryAdd(key, route);
            }
        }

        HashSet<ReportedRoute> taken = [];
        foreach (ReportedRoute route in after.Where(route => !continued.ContainsKey(route)))
        {
            ReportedRoute? found = keysOf(route).Select(key => free.GetValueOrDefault(key)).FirstOrDefault(one => one is not null && !taken.Contains(one));
            if (found is not null)
            {
                taken.Add(found);
                continued.Add(route, found);
            }
        }
    }
}
