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

    /// <summary>When its state has changed last; null while it is as it was at first.</summary>
    public DateTimeOffset? StateSince { get; init; }

    /// <summary>
    /// The failure that its state follows from, as in the log; of one that is up, the last failed connect, when there was no
    /// successful one since. Null without a failure.
    /// </summary>
    public string? Cause { get; init; }

    /// <summary>Since when connects to it fail one after the other; null when the last one succeeded, or there was none.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>How many connects to it have failed in a row. The only upstream of a route stays up however many these are.</summary>
    public int FailuresInRow { get; init; }

    /// <summary>When its last health check ended; null when it is not checked, and before the first.</summary>
    public DateTimeOffset? LastCheckAt { get; init; }

    /// <summary>How long that check took.</summary>
    public TimeSpan? LastCheckDuration { get; init; }

    /// <summary>What failed in that check; null when nothing did.</summary>
    public string? LastCheckFailure { get; init; }

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

    /// <summary>How many of them there were in the last whole second.</summary>
    public int ConnectedPerSecond { get; init; }

    /// <summary>The most of them in any second so far.</summary>
    public int MostConnectedPerSecond { get; init; }

    /// <summary>How many bytes of clients were sent to it.</summary>
    public long BytesToUpstream { get; init; }

    /// <summary>How many of its bytes were sent to clients.</summary>
    public long BytesToClients { get; init; }

    /// <summary>How many connects to it failed.</summary>
    public required long Failed { get; init; }

    /// <summary>A short text for debuggers and messages of tests; its form may change.</summary>
    public override string ToString() => $"{Address} {State} {Connections}";
}
