namespace ProxyCore;

/// <summary>A route at one moment. Immutable.</summary>
public sealed class RouteSnapshot
{
    internal RouteSnapshot()
    {
    }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Where its clients come in, as it is bound: <c>127.0.0.1:8080</c>, <c>unix:/path</c>.</summary>
    public required IReadOnlyList<string> Endpoints { get; init; }

    /// <summary>How upstreams are chosen: see <see cref="RouteOptions.Balancing"/>.</summary>
    public required string Balancing { get; init; }

    /// <summary>What it has done so far; kept over changes of the options that leave its name.</summary>
    public required TcpProxyStatistics Statistics { get; init; }

    /// <summary>How many clients wait for an upstream, all being at their maximum.</summary>
    public required int Queued { get; init; }

    /// <summary>Its upstreams, in the order of the options; a name whose addresses count one by one has several.</summary>
    public required IReadOnlyList<UpstreamSnapshot> Upstreams { get; init; }
}
