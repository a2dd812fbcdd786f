namespace ProxyCore;

/// <summary>How many bytes a second the connections of a route may carry, in each direction.</summary>
/// <remarks>
/// A direction that has used up its rate is not read for a while, so its sender is slowed down by TCP itself. The time that
/// a connection waits for its rate does not count as idle.
/// </remarks>
public sealed class BandwidthOptions
{
    /// <summary>Bytes a second towards clients. Default null: no limit; 1 KiB to 2000 MiB.</summary>
    public long? ToClient { get; set; }

    /// <summary>Bytes a second towards upstreams. Default null: no limit; 1 KiB to 2000 MiB.</summary>
    public long? ToUpstream { get; set; }

    /// <summary>
    /// How many bytes may pass at once after a pause, in each direction. Default null: what the rate allows in a tenth of a
    /// second, and 16 KiB at least; 1 KiB to 2000 MiB.
    /// </summary>
    public long? Burst { get; set; }

    /// <summary>Which connections share the rate, on all loops. Default <see cref="BandwidthScope.Connection"/>.</summary>
    public BandwidthScope Per { get; set; }

    /// <summary>The same options in an object of its own.</summary>
    internal BandwidthOptions Copy() => (BandwidthOptions)MemberwiseClone();
}
