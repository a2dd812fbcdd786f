using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>The endpoints of a configuration, each once, with the routes that share it. Made for one change.</summary>
internal sealed class EndpointGroups
{
    private readonly EndpointGroup[] _all;

    // Each endpoint is compared with few others only: there may be thousands.
    private readonly ILookup<int, EndpointGroup> _byPort;
    private readonly ILookup<int, EndpointGroup> _wideByPort;

    internal EndpointGroups(IEnumerable<Route> routes)
    {
        IEnumerable<(string Identity, ListenSettings Listen, Route Route)> listens = routes.SelectMany(static route => route.Settings.Listen.Select(
            (listen, index) => (BoundEndpoint.IdentityOf(route.Settings, listen.Endpoint, index), listen, route)));
        _all = [.. listens.GroupBy(static one => one.Identity).Select(static same => new EndpointGroup(
            same.Key, same.First().Listen, [.. same.Select(static one => one.Route)]))];
        _byPort = _all.ToLookup(static group => group.Listen.Endpoint.Port);
        _wideByPort = _all.Where(static group => ListenAddresses.IsWide(group.Listen.Endpoint)).ToLookup(static group => group.Listen.Endpoint.Port);
    }

    /// <summary>Those that are listened on, with where their clients go: all but those that are a part of another.</summary>
    internal IEnumerable<(string Identity, EndpointRoutes Routes)> Listened =>
        _all.Where(group => !Wide(group).Any()).Select(group => (group.Identity, RoutesOf(group)));

    /// <summary>The routes of its clients, and apart from them those of clients that come to a part of its addresses.</summary>
    private EndpointRoutes RoutesOf(EndpointGroup group)
    {
        IEnumerable<EndpointGroup> parts = ListenAddresses.IsWide(group.Listen.Endpoint)
            ? _byPort[group.Listen.Endpoint.Port].Where(group.Covers).OrderByDescending(part => Wide(part).Count())
            : [];
        return new EndpointRoutes(group.Listen, group.Routes, [.. parts.Select(PartOf)]);
    }

    /// <summary>A part has its own routes, and behind them those of the endpoints that it is a part of.</summary>
    private EndpointRoutes PartOf(EndpointGroup part)
    {
        IEnumerable<EndpointGroup> covering = Wide(part).OrderByDescending(wide => Wide(wide).Count());
        return new EndpointRoutes(part.Listen, [.. part.Routes, .. covering.SelectMany(static wide => wide.Routes)], []);
    }

    /// <summary>The endpoints that a group is a part of.</summary>
    private IEnumerable<EndpointGroup> Wide(EndpointGroup group) => _wideByPort[group.Listen.Endpoint.Port].Where(wide => wide.Covers(group));
}
