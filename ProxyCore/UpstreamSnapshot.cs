namespace ProxyCore;

/// <summary>An upstream of a route at one moment. Immutable.</summary>
public sealed class UpstreamSnapshot
{
    internal UpstreamSnapshot()
    {
    }

    /// <summary>Where it is: see <see cref="Upstream.Address"/>.</summary>
    public required string Address { get; init; }

    /// <summary>How it is.</summary>
    public required UpstreamState State { get; init; }

    /// <summary>Its share of the connections beside the weights of the others.</summary>
    public required int Weight { get; init; }

    /// <summary>Whether it gets connections only when none of the others can be had.</summary>
    public required bool IsBackup { get; init; }

    /// <summary>How many connections it may have at a time; null without a limit.</summary>
    public required int? MaxConnections { get; init; }

    /// <summary>How many connections it has, being connected or relaying, on all loops.</summary>
    public required int Connections { get; init; }

    /// <summary>How often it was connected to.</summary>
    public required long Connected { get; init; }

    /// <summary>How often a connect to it failed.</summary>
    public required long Failed { get; init; }
}
