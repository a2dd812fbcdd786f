namespace ProxyCore;

/// <summary>What a <see cref="TcpProxy"/> is doing, at one moment. Immutable.</summary>
public sealed class ProxySnapshot
{
    internal ProxySnapshot()
    {
    }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How far the proxy is in its life.</summary>
    public required ProxyState State { get; init; }

    /// <summary>Since when it runs: zero before the start.</summary>
    public required TimeSpan Uptime { get; init; }

    /// <summary>How many connections may be open at a time: see <see cref="TcpProxyOptions.MaxConnections"/>.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>What the proxy has done, on all its routes, those that are gone included.</summary>
    public required TcpProxyStatistics Statistics { get; init; }

    /// <summary>Its routes, in the order of the options.</summary>
    public required IReadOnlyList<RouteSnapshot> Routes { get; init; }

    /// <summary>Its loops.</summary>
    public required IReadOnlyList<LoopSnapshot> Loops { get; init; }

    /// <summary>
    /// Of the open connections those that are open longest and those that carry most bytes a second, each once, the
    /// oldest first.
    /// </summary>
    public required IReadOnlyList<ConnectionSnapshot> Connections { get; init; }
}
