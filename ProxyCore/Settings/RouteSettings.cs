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
    TimeSpan? KeepAlive)
{
    /// <summary>Whether the name is the user's; else it is made from the place of the route in the options.</summary>
    internal bool IsNamed { get; init; } = true;

    /// <summary>How many connections the route may have at a time; null has no limit.</summary>
    internal int? MaxConnections { get; init; }

    /// <summary>What each client of the route may do; null has no limits.</summary>
    internal ClientLimitSettings? ClientLimits { get; init; }

    /// <summary>For how long a connection may carry no byte.</summary>
    internal TimeSpan QuietLimit(bool isHalfClosed) =>
        isHalfClosed && HalfCloseTimeout < IdleTimeout ? HalfCloseTimeout : IdleTimeout;
}
