namespace ProxyCore.Upstreams;

/// <summary>What was set by hand of an upstream; null gives what is configured. Immutable.</summary>
/// <param name="State">Whether it gets connections.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="MaxConnections">Its maximum.</param>
/// <param name="Since">When it was set last.</param>
internal sealed record HandSetting(UpstreamAdministration? State, int? Weight, int? MaxConnections, DateTimeOffset Since)
{
    /// <summary>Since when <see cref="State"/> is as it is: another weight does not shorten a drain.</summary>
    internal DateTimeOffset StateSince { get; private init; } = Since;

    /// <summary>Whether it says anything.</summary>
    internal bool IsEmpty => (State ?? UpstreamAdministration.Ready) == UpstreamAdministration.Ready && Weight is null && MaxConnections is null;

    /// <summary>What is set of an address of a name, before what is set of the name.</summary>
    internal static HandSetting? Merge(HandSetting? ofAddress, HandSetting? ofName) => (ofAddress, ofName) switch
    {
        (null, var name) => name,
        (var address, null) => address,
        var (address, name) => new HandSetting(
            address.State ?? name.State,
            address.Weight ?? name.Weight,
            address.MaxConnections ?? name.MaxConnections,
            address.Since > name.Since ? address.Since : name.Since)
        {
            StateSince = address.State is null ? name.StateSince : address.StateSince,
        },
    };

    /// <summary>The setting after <paramref name="change"/>.</summary>
    internal static HandSetting After(HandSetting? before, UpstreamChange change, DateTimeOffset now) => new(
        change.State ?? before?.State,
        change.SetsWeight ? change.Weight : before?.Weight,
        change.SetsMaxConnections ? change.MaxConnections : before?.MaxConnections,
        now)
    {
        StateSince = before is not null && (change.State is null || change.State == before.State) ? before.StateSince : now,
    };
}
