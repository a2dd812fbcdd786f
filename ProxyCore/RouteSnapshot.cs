namespace ProxyCore;

/// <summary>A route at one moment. Immutable. A test may make its own.</summary>
public sealed class RouteSnapshot
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The addresses that it listens on, as they are bound: <c>127.0.0.1:8080</c>, <c>unix:/path</c>.</summary>
    public required IReadOnlyList<string> Endpoints { get; init; }

    /// <summary>How upstreams are chosen: see <see cref="RouteOptions.Balancing"/>.</summary>
    public required string Balancing { get; init; }

    /// <summary>Its statistics so far. A change of the options keeps them if the route keeps its name.</summary>
    public required TcpProxyStatistics Statistics { get; init; }

    /// <summary>How many clients wait in its queue, because all upstreams are at their maximum.</summary>
    public required int Queued { get; init; }

    /// <summary>Its upstreams, in the order of the options; a name whose addresses count one by one has several.</summary>
    public required IReadOnlyList<UpstreamSnapshot> Upstreams { get; init; }

    /// <summary>The faults on purpose that are at work, in the order of their effect; empty unless some were added.</summary>
    public IReadOnlyList<ToxicSnapshot> Toxics { get; init; } = [];

    /// <summary>A short text for debuggers and messages of tests; its form may change.</summary>
    public override string ToString() => $"{Name}: {string.Join(", ", Endpoints)} to {string.Join(", ", Upstreams)}, {Statistics}";
}
