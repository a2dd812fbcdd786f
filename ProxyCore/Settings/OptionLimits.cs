namespace ProxyCore.Settings;

/// <summary>
/// What each option may be, in the one place that those who check options, who read configuration and who write its
/// schema go by.
/// </summary>
internal static class OptionLimits
{
    /// <summary>Longer than anybody waits, and far from where adding times overflows.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    internal static readonly CountLimits AnyCount = new(Least: 1);
    internal static readonly CountLimits CountOrNone = new(Least: 0);
    internal static readonly TimeLimits Timeout = new(TimeSpan.FromTicks(1), Longest);
    internal static readonly TimeLimits TimeoutOrNone = new(TimeSpan.Zero, Longest);

    internal static readonly CountLimits Loops = new(Least: 1, Most: 64);
    internal static readonly CountLimits BufferSize = new(Least: 1024, Most: 16 * 1024 * 1024);
    // Both bytes a second and bytes of a burst.
    internal static readonly CountLimits Bandwidth = new(Least: 1024, Most: 2000 * 1024 * 1024);
    internal static readonly CountLimits ToxicBandwidth = new(Least: 0, Bandwidth.Most);
    internal static readonly ShareLimits Share = new(Least: 0, Most: 1);

    // Less than the largest piece that can be asked for.
    internal static readonly CountLimits SizeVariation = new(Least: 0, Most: int.MaxValue - 1);
    internal static readonly CountLimits MaxHeld = new(Least: 64 * 1024, Most: 1024 * 1024 * 1024);
    internal static readonly SizeLimits MaxPendingBytes = new(Digits: 15);
    internal static readonly CountLimits PrereadLimit = new(Least: 4096, Most: 64 * 1024);

    // The least is room for the largest hello that may be allowed.
    internal static readonly CountLimits PrereadMemory = new(Least: 128 * 1024, Most: 1024 * 1024 * 1024);

    // A hello has room for far more; nobody has so many.
    internal static readonly CountLimits Protocols = new(Least: 0, Most: 32);
    internal static readonly CountLimits ProxyVersion = new(Least: 1, Most: 2);
    internal static readonly CountLimits MaxHeaderBytes = new(Least: 536, Most: 16 + (32 * 1024));
    internal static readonly CountLimits Weight = new(Least: 0, Most: 1000);
    internal static readonly CountLimits WeightOfSource = new(Least: 0, Most: 1);
    internal static readonly TimeLimits ResolveInterval = new(TimeSpan.FromSeconds(1), Longest);
    internal static readonly TimeLimits CheckInterval = new(TimeSpan.FromMilliseconds(1), Longest);
    internal static readonly BytesLimits Send = new(Most: 4096);
    internal static readonly BytesLimits Expect = new(Most: 1024);

    // A change makes the whole set anew, which takes some 20 ms for so many.
    internal static readonly CountLimits Denied = new(Least: 1, Most: 100_000);
    internal static readonly TimeLimits DenyTime = new(TimeSpan.FromTicks(1), TimeSpan.FromDays(30));

    internal static readonly RateLimits RateOfConnections = new(ConnectionRate.MaxCount);
    internal static readonly CountLimits Burst = new(Least: 1, ConnectionRate.MaxCount);
    internal static readonly CountLimits Prefix4 = new(Least: 1, Most: 32);
    internal static readonly CountLimits Prefix6 = new(Least: 1, Most: 128);
    internal static readonly CountLimits Entries = new(Least: 1, Most: 16 * 1024 * 1024);

    // The most is Linux's, include/net/tcp.h, MAX_TCP_KEEPIDLE.
    internal static readonly TimeLimits KeepAlive =
        new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(32767), Step: TimeSpan.FromSeconds(1));
}
