namespace ProxyCore.Settings;

/// <summary>What is configured of a route: checked and complete. Immutable, safe for any thread.</summary>
internal sealed record RouteSettings(
    string Name,
    ValueList<ListenSettings> Listen,
    PoolSettings Pool,
    TimeSpan ConnectTimeout,
    int ConnectAttempts,
    TimeSpan IdleTimeout,
    TimeSpan HalfCloseTimeout,
    int Backlog,
    bool NoDelay,
    TimeSpan? KeepAlive,
    AccessSettings? Access)
{
    /// <summary>Whether the name is the user's; else it is made from the place of the route in the options.</summary>
    internal bool IsNamed { get; init; } = true;

    /// <summary>How many connections the route may have at a time; null has no limit.</summary>
    internal int? MaxConnections { get; init; }

    /// <summary>How long a connection may be open, at the most; null has no limit.</summary>
    internal TimeSpan? MaxLifetime { get; init; }

    /// <summary>How one ends that was open for so long.</summary>
    internal LifetimeAction OnMaxLifetime { get; init; }

    /// <summary>What each client of the route may do; null has no limits.</summary>
    internal ClientLimitSettings? ClientLimits { get; init; }

    /// <summary>The server names of the clients that it serves on a shared endpoint, in normal form; empty for all.</summary>
    internal ValueList<string> ServerNames { get; init; } = [];

    /// <summary>The application protocols of the clients that it serves on a shared endpoint; empty for all.</summary>
    internal ValueList<string> Alpn { get; init; } = [];

    /// <summary>Which clients it serves on a shared endpoint, as a text to compare.</summary>
    internal string ClientRules => $"{string.Join(',', ServerNames.AsSpan())};{string.Join(',', Alpn.AsSpan())}";

    /// <summary>How many bytes a second its connections may carry; null for no limit.</summary>
    internal BandwidthSettings? Bandwidth { get; init; }

    /// <summary>The faults that it begins with, in the order of their effect.</summary>
    internal ValueList<ToxicSettings> Toxics { get; init; } = [];

    /// <summary>What it does with the TLS of its clients, on endpoints that end TLS.</summary>
    internal RouteTlsMode Tls { get; init; }

    /// <summary>Whether its clients are asked for certificates; null for what the endpoint says.</summary>
    internal ClientCertificateSettings? ClientCertificates { get; init; }

    /// <summary>
    /// Whether <paramref name="other"/> says the same in the same words. Endpoints are equal however they are written, but the words show in
    /// logs and statistics.
    /// </summary>
    internal bool SaysTheSameAs(RouteSettings other) => this == other
        && Listen.Select(TextOf).SequenceEqual(other.Listen.Select(TextOf))
        && Pool.Upstreams.Select(TextOf).SequenceEqual(other.Pool.Upstreams.Select(TextOf));

    /// <summary>For how long a connection may carry no byte.</summary>
    internal TimeSpan QuietLimit(bool isHalfClosed) =>
        isHalfClosed && HalfCloseTimeout < IdleTimeout ? HalfCloseTimeout : IdleTimeout;

    private static string TextOf(ListenSettings listen) => listen.Endpoint.ToString();

    private static string TextOf(UpstreamSettings upstream) => upstream.Endpoint.ToString();
}
