using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>Finds the route that each route of a new configuration continues, if any. Made for one change.</summary>
/// <remarks>
/// A route is the same when its name is the same. One that was renamed, or has no name, is the same when it is listened
/// on at the same endpoint for the same clients. Each route is continued by one at most. Routes that were removed but still have connections
/// can be continued too.
/// </remarks>
internal sealed class RouteMatching
{
    private readonly Dictionary<string, Route> _byName = [];
    private readonly Dictionary<string, Route> _byEndpoint = [];
    private readonly HashSet<Route> _continued = new(ReferenceEqualityComparer.Instance);
    private readonly RouteSet _from;

    private RouteMatching(RouteSet from)
    {
        _from = from;

        // An endpoint whose port the system chose may be written out now, with that port.
        foreach (BoundEndpoint endpoint in from.Endpoints)
        {
            foreach (Route route in endpoint.Routes.Routes)
            {
                _byEndpoint.TryAdd(KeyOf(endpoint.BoundIdentity, route.Settings), route);
            }
        }

        // Of routes with the same name or endpoint, one that is in use goes before one that was removed.
        foreach (Route route in from.Routes.Values.Concat(from.Former))
        {
            AddRoute(route);
        }
    }

    /// <summary>For each of <paramref name="wanted"/>, in that order, the route that it continues; null for a new one.</summary>
    internal static Route?[] Match(RouteSet from, IReadOnlyList<RouteSettings> wanted)
    {
        var matching = new RouteMatching(from);
        var found = new Route?[wanted.Count];
        matching.Find(found, wanted, matching.ByName);
        matching.Find(found, wanted, matching.ByEndpoint);
        matching.Find(found, wanted, matching.ByPosition);
        return found;
    }

    private void AddRoute(Route route)
    {
        if (route.Settings.IsNamed)
        {
            _byName.TryAdd(route.Settings.Name, route);
        }

        foreach (ListenSettings listen in route.Settings.Listen.Where(static listen => !listen.Endpoint.IsPortOpen))
        {
            _byEndpoint.TryAdd(KeyOf(listen.Endpoint.Identity, route.Settings), route);
        }
    }

    private void Find(Route?[] found, IReadOnlyList<RouteSettings> wanted, Func<RouteSettings, IEnumerable<Route?>> candidates)
    {
        for (int i = 0; i < found.Length; i++)
        {
            found[i] ??= candidates(wanted[i]).FirstOrDefault(route => route is not null && !_continued.Contains(route));
            if (found[i] is { } route)
            {
                _continued.Add(route);
            }
        }
    }

    /// <summary>An endpoint alone does not tell the routes apart that share it.</summary>
    private static string KeyOf(string endpoint, RouteSettings route) => $"{endpoint} {route.ClientRules}";

    private IEnumerable<Route?> ByName(RouteSettings settings) =>
        settings.IsNamed ? [_byName.GetValueOrDefault(settings.Name)] : [];

    private IEnumerable<Route?> ByEndpoint(RouteSettings settings) =>
        from listen in settings.Listen
        where !listen.Endpoint.IsPortOpen
        select _byEndpoint.GetValueOrDefault(KeyOf(listen.Endpoint.Identity, settings));

    /// <summary>A route without a name that has another endpoint now, and the same place in the list.</summary>
    private IEnumerable<Route?> ByPosition(RouteSettings settings) =>
        !settings.IsNamed && _from.Routes.TryGetValue(settings.Name, out Route? route) && !route.Settings.IsNamed ? [route] : [];
}
