namespace ProxyCore;

/// <summary>
/// Lets a number of bytes a second pass. Unlike <see cref="RouteOptions.Bandwidth"/> it has no burst, and holds for each
/// connection.
/// </summary>
public sealed class BandwidthToxic() : Toxic("bandwidth")
{
    /// <summary>How many bytes a second may pass. Default 0, which lets none pass; up to 2000 MiB.</summary>
    public long BytesPerSecond { get; set; }

    private protected override string Parameters => $"rate={Text(BytesPerSecond)}B/s";
}
