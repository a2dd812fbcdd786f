namespace ProxyCore.Connections;

/// <summary>A route as the loop uses it: checked, immutable, shared by its listeners and connections.</summary>
internal sealed record Route(
    string Name,
    IReadOnlyList<ProxyEndpoint> Listen,
    ProxyEndpoint Upstream,
    TimeSpan ConnectTimeout,
    TimeSpan IdleTimeout,
    TimeSpan HalfCloseTimeout,
    int Backlog,
    bool NoDelay,
    TimeSpan? KeepAlive);
