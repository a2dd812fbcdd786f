namespace ProxyCore;

/// <summary>What a <see cref="TcpProxy"/> is doing, at one moment. Immutable. A test may make its own.</summary>
public sealed class ProxySnapshot
{
    /// <summary>When it was taken.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The state of the proxy.</summary>
    public required ProxyState State { get; init; }

    /// <summary>The time since its start; zero before.</summary>
    public required TimeSpan Uptime { get; init; }

    /// <summary>How many connections may be open at a time: see <see cref="TcpProxyOptions.MaxConnections"/>.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>The statistics of all routes together, of removed ones too.</summary>
    public required TcpProxyStatistics Statistics { get; init; }

    /// <summary>Its routes, in the order of the options.</summary>
    public required IReadOnlyList<RouteSnapshot> Routes { get; init; }

    /// <summary>Its loops.</summary>
    public required IReadOnlyList<LoopSnapshot> Loops { get; init; }

    /// <summary>
    /// The open connections that are open longest and those that carry most bytes a second, each once, the oldest first.
    /// Those of all loops are not of quite the same moment.
    /// </summary>
    public required IReadOnlyList<ConnectionSnapshot> Connections { get; init; }

    /// <summary>The certificates in use, each once. Empty without TLS.</summary>
    public IReadOnlyList<CertificateStatus> Certificates { get; init; } = [];

    /// <summary>The clients that are denied for a time, in the order in which that ends: see <see cref="TcpProxy.DenyAsync"/>.</summary>
    public IReadOnlyList<DenyEntry> Denied { get; init; } = [];

    /// <summary>How it stands with the state that it shares with other proxies; null when it shares none.</summary>
    public SharedStateStatus? SharedState { get; init; }

    /// <summary>A short text for debuggers and messages of tests; its form may change.</summary>
    public override string ToString() => $"{State}: {Routes.Count} routes, {Statistics}";
}
