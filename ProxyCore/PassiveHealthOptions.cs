namespace ProxyCore;

/// <summary>When failed connects take an upstream out for a while. The only upstream of a route is never taken out.</summary>
public sealed class PassiveHealthOptions
{
    /// <summary>How many connects in a row must fail. Default 3; 0 never takes an upstream out.</summary>
    public int Failures { get; set; } = 3;

    /// <summary>
    /// For how long it is out at first; then one connection is tried, and if that fails, it is out for twice as long as
    /// before. Default 5 s; more than zero, up to 365 days.
    /// </summary>
    public TimeSpan OutTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest that it is out. Default 1 min; from <see cref="OutTime"/>, up to 365 days.</summary>
    public TimeSpan MaxOutTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The largest share of a route's upstreams that may be out at a time, so that a failure that is not theirs (of a network, or
    /// of the proxy's machine) does not leave the whole load to a few. Default null: no bound; 0 to 1.
    /// </summary>
    /// <remarks>
    /// It is rounded down, but one may always be out, and the last that is up never is. An upstream counts as out until its trial
    /// has succeeded, and while health checks have it down: these take upstreams down whatever the share. Those that are drained,
    /// disabled or have a weight of 0 count neither as out nor as upstreams. One that the bound keeps goes out with its next
    /// failure after another has come back.
    /// </remarks>
    public double? MaxOutShare { get; set; }

    /// <summary>The same options in an object of its own.</summary>
    internal PassiveHealthOptions Copy() => (PassiveHealthOptions)MemberwiseClone();
}
