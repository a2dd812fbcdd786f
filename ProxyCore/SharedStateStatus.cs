namespace ProxyCore;

/// <summary>How a <see cref="TcpProxy"/> stands with the state that it shares: see <see cref="TcpProxy.ShareAsync"/>. Immutable.</summary>
public sealed class SharedStateStatus
{
    /// <summary>Whether it is reachable. While it is not, the proxy goes on with what it knows.</summary>
    public required bool IsReachable { get; init; }

    /// <summary>Since when <see cref="IsReachable"/> is as it is, in UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why it is not reachable; null when it is.</summary>
    public required string? Error { get; init; }

    /// <summary>How many changes of this proxy are still to be written.</summary>
    public required int Unsaved { get; init; }

    /// <summary>
    /// How many changes of others are not in force here: their upstreams are not configured here, or as many addresses are denied
    /// as may be (<see cref="TcpProxyOptions.MaxDenied"/>).
    /// </summary>
    public required int NotInForce { get; init; }
}
