using ProxyCore.Settings;

namespace ProxyCore.Relay.Stages;

/// <summary>A rate in bytes a second, and how many bytes a direction waits for when it has to wait. Immutable.</summary>
internal sealed class BandwidthRate(Rate rate)
{
    // A wait must end after no less than a few milliseconds: Select counts whole ones.
    private const int WaitsASecond = 100;

    // Where several share the rate each gets less at a time, so that its turn comes sooner.
    private const int SharedWaitsASecond = 250;

    // Fewer bytes are not worth the packet that carries them.
    private const int LeastQuantum = 256;

    internal Rate Rate => rate;

    /// <summary>How many bytes a direction waits for that has the rate for itself, at most the burst.</summary>
    internal int Quantum { get; } = QuantumOf(rate, WaitsASecond);

    /// <summary>How many bytes a direction waits for that shares the rate with others, at most the burst.</summary>
    internal int SharedQuantum { get; } = QuantumOf(rate, SharedWaitsASecond);

    /// <summary>The time until which is paid for when the burst is used up at <paramref name="now"/>.</summary>
    internal long UsedUp(long now) => rate.Pay(now, now, rate.Burst);

    private static int QuantumOf(Rate rate, int waits) =>
        (int)Math.Min(Math.Max(rate.PerSecond / waits, LeastQuantum), Math.Min(rate.Burst, int.MaxValue));
}
