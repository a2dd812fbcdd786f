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

    /// <summary>The same options in an object of its own.</summary>
    internal PassiveHealthOptions Copy() => (PassiveHealthOptions)MemberwiseClone();
}
