namespace ProxyCore;

/// <summary>An upstream of a route at one moment. Immutable. A test may make its own.</summary>
public sealed class UpstreamSnapshot
{
    /// <summary>Its address: see <see cref="Upstream.Address"/>.</summary>
    public required string Address { get; init; }

    /// <summary>
    /// The configured name that <see cref="Address"/> is an address of (<see cref="UpstreamOptions.EachAddress"/>), or the
    /// configured <c>scheme:name</c> whose source has found it; null when the address itself is configured.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>Its state.</summary>
    public required UpstreamState State { get; init; }

    /// <summary>What an operator has decided about it, beside its state.</summary>
    public UpstreamAdministration Administration { get; init; }

    /// <summary>When its administration, weight or maximum was set by hand last; null when nothing is.</summary>
    public DateTimeOffset? SetByHandAt { get; init; }

    /// <summary>Its weight as it is configured; null when <see cref="Weight"/> is that.</summary>
    public int? ConfiguredWeight { get; init; }

    /// <summary>Whether <see cref="MaxConnections"/> was set by hand.</summary>
    public bool HasMaximumByHand { get; init; }

    /// <summary>Its share of the connections beside the weights of the others.</summary>
    public required int Weight { get; init; }

    /// <summary>Whether it gets connections only when none of the others can be had.</summary>
    public required bool IsBackup { get; init; }

    /// <summary>
    /// Its place by <see cref="UpstreamTarget.Priority"/> among those that its source has found, from 0: it gets connections only
    /// when none with a lower one can be had. 0 for all others.
    /// </summary>
    public int PriorityGroup { get; init; }

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
