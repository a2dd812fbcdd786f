namespace ProxyCore;

/// <summary>An upstream whose health has changed. Immutable. A test may make its own.</summary>
public sealed class UpstreamReport
{
    /// <summary>The name of its route.</summary>
    public required string Route { get; init; }

    /// <summary>Its address: see <see cref="Upstream.Address"/>.</summary>
    public required string Address { get; init; }

    /// <summary>Its new state: <see cref="UpstreamState.Up"/>, <see cref="UpstreamState.Out"/> or <see cref="UpstreamState.Down"/>.</summary>
    public required UpstreamState State { get; init; }

    /// <summary>The last failure, as in the log; null when the upstream came up.</summary>
    public string? Cause { get; init; }

    /// <summary>A short text for debuggers and messages of tests; its form may change.</summary>
    public override string ToString() => Cause is null ? $"{Route}: {Address} {State}" : $"{Route}: {Address} {State}: {Cause}";
}
