namespace ProxyCore;

/// <summary>Delays every byte. Several of them add up. The connect is not delayed: see <see cref="ConnectDelayToxic"/>.</summary>
public sealed class LatencyToxic() : Toxic("latency")
{
    /// <summary>How long each byte takes. Default zero; up to 365 days.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>
    /// By how much the delay of a read differs from <see cref="Latency"/>, evenly spread, up or down; bytes stay in order.
    /// Default zero; up to 365 days.
    /// </summary>
    public TimeSpan Jitter { get; set; }

    /// <summary>
    /// The most bytes that are delayed at a time, in each connection; the sender is slowed then. From 64 KiB to 1 GiB.
    /// Default 64 MiB.
    /// </summary>
    public int MaxHeld { get; set; } = 64 * 1024 * 1024;

    private protected override string Parameters => $"latency={Text(Latency)} jitter={Text(Jitter)} maxHeld={Text(MaxHeld)}";
}
