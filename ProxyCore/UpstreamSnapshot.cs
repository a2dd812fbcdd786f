namespace ProxyCore;

/// <summary>An upstream of a route at one moment. Immutable. A test may make its own.</summary>
public sealed class UpstreamSnapshot
{
    /// <summary>Its address: see <see cref="Upstream.Address"/>.</summary>
    public required string Address { get; init; }

    /// <summary>Its state.</summary>
    public required UpstreamState State { get; init; }

    /// <summary>Its share of the connections beside the weights of the others.</summary>
    public required int Weight { get; init; }

    /// <summary>Whether it gets connections only when none of the others can be had.</summary>
    public required bool IsBackup { get; init; }

    /// <summary>How many connections it may have at a time; null without a limit.</summary>
    public required int? MaxConnections { get; init; }

    /// <summary>How many connections it has, being connected or relaying, on all loops.</summary>
    public required int Connections { get; init; }

    /// <summary>How many connects to it succeeded.</summary>
    public required long Connected { get; init; }

    /// <summary>How many connects to it failed.</summary>
    public required long Failed { get; init; }

    /// <summary>A short text for debuggers and messages of tests; its form may change.</summary>
    public override string ToString() => $"{Address} {State} {Connections}";
}
