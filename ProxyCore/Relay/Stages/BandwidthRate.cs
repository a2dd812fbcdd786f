using ProxyCore.Settings;

namespace ProxyCore.Relay.Stages;

/// <summary>A rate in bytes a second, and how many bytes a direction waits for when it has to wait. Immutable.</summary>
internal sealed class BandwidthRate(Rate rate)
{
    // A wait must end after no less than a few milliseconds: Select counts whole ones.
    private const int WaitsASecond = 100;

    // Where others wait too each gets less, so that its turn comes sooner.
    private const int SharedWaitsASecond = 500;

    // Fewer bytes are not worth the packet that carries them.
    private const int LeastQuantum = 256;

    internal Rate Rate => rate;

    /// <summary>How many bytes a direction waits for while no other waits, at most the burst.</summary>
    internal int Quantum { get; } = QuantumOf(rate, WaitsASecond);

    /// <summary>How many bytes a direction waits for while others wait for theirs, at most the burst.</summary>
    internal int SharedQuantum { get; } = QuantumOf(rate, SharedWaitsASecond);

    /// <summary>How many bytes are allowed at <paramref name="now"/>, when all until <paramref name="paidUntil"/> is paid for.</summary>
    internal int Allowed(long paidUntil, long now) => (int)Math.Min(rate.Allowed(paidUntil, now), int.MaxValue);

    /// <summary>The time until which is paid for when the burst is used up at <paramref name="now"/>.</summary>
    internal long UsedUp(long now) => rate.Pay(now, now, rate.Burst);

    private static int QuantumOf(Rate rate, int waits) =>
        (int)Math.Min(Math.Max(rate.PerSecond / waits, LeastQuantum), Math.Min(rate.Burst, int.MaxValue));
}
