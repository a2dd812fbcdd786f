namespace ProxyCore;

/// <summary>Clients that a <see cref="TcpProxy"/> denies for a time: see <see cref="TcpProxy.DenyAsync"/>. Immutable. A test may make its own.</summary>
public sealed class DenyEntry
{
    /// <summary>An address, or a range such as <c>10.0.0.0/8</c>. IPv4-mapped ones are written as IPv4.</summary>
    public required string Address { get; init; }

    /// <summary>When it was denied last, in UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>How long it is still denied.</summary>
    public required TimeSpan Remaining { get; init; }

    /// <summary>A short text for debuggers and messages of tests; its form may change.</summary>
    public override string ToString() => FormattableString.Invariant($"{Address} for {Remaining.TotalSeconds:0} s");
}
