using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>The routes of one configured endpoint, while it is decided what is listened on. Made for one change.</summary>
/// <param name="Identity">The name of the endpoint within the configuration.</param>
/// <param name="Listen">The settings that all of its routes share.</param>
/// <param name="Routes">Its routes.</param>
internal sealed record EndpointGroup(string Identity, ListenSettings Listen, IReadOnlyList<Route> Routes)
{
    /// <summary>
    /// Whether <paramref name="other"/> is a part of this: it has no listener of its own then, because the system would not
    /// bind both.
    /// </summary>
    internal bool Covers(EndpointGroup other) => this != other && ListenAddresses.Covers(Listen.Endpoint, other.Listen.Endpoint);

    /// <summary>The routes of its clients, and apart from them those of clients that come to a part of its addresses.</summary>
    internal EndpointRoutes MakeRoutes(IReadOnlyList<EndpointGroup> all)
    {
        IEnumerable<EndpointGroup> parts = all.Where(Covers).OrderByDescending(part => all.Count(other => other.Covers(part)));
        return new EndpointRoutes(Listen, Routes, [.. parts.Select(part => part.MakePart(all))]);
    }

    /// <summary>A part has its own routes, and behind them those of the endpoints that it is a part of.</summary>
    private EndpointRoutes MakePart(IReadOnlyList<EndpointGroup> all)
    {
        IEnumerable<EndpointGroup> covering = all.Where(other => other.Covers(this)).OrderByDescending(other => all.Count(wide => wide.Covers(other)));
        return new EndpointRoutes(Listen, [.. Routes, .. covering.SelectMany(static other => other.Routes)], []);
    }
}
