namespace ProxyCore.Settings;

/// <summary>
/// A rate with a burst, as arithmetic on one number: the time until which what was allowed so far is paid for. It needs one
/// number for each client or pipe, so it can be kept in a table or changed with one atomic exchange. The algorithm is known as GCRA,
/// the generic cell rate algorithm of ITU-T I.371.
/// </summary>
internal readonly record struct Rate
{
    /// <summary>A rate of so many units a second, of which so many may come at once.</summary>
    public Rate(double perSecond, long burst)
    {
        PerSecond = perSecond;
        Burst = burst;
        TicksPerUnit = TimeSpan.TicksPerSecond / perSecond;
    }

    /// <summary>The units a second, above zero.</summary>
    public double PerSecond { get; }

    /// <summary>The units that may come at once after a pause, at least one.</summary>
    public long Burst { get; }

    private double TicksPerUnit { get; }

    /// <summary>The units that are allowed now, when all until <paramref name="paidUntil"/> is paid for.</summary>
    public long Allowed(long paidUntil, long now) => paidUntil <= now
        ? Burst
        : Math.Max(0, Burst - (long)Math.Ceiling((paidUntil - now) / TicksPerUnit));

    /// <summary>The time until which is paid for once <paramref name="units"/> more have come. Times are in ticks of 100 ns.</summary>
    public long Pay(long paidUntil, long now, long units) => Math.Max(paidUntil, now) + (long)(units * TicksPerUnit);

    /// <summary>
    /// <paramref name="paidUntil"/>, but no later than after a full burst from now. Only another rate can have paid for more:
    /// after a reload it must not block what this rate allows.
    /// </summary>
    public long Bound(long paidUntil, long now) => Math.Min(paidUntil, Pay(now, now, Burst));

    /// <summary>The time at which <paramref name="units"/> are allowed at once, at most <see cref="Burst"/>.</summary>
    public long AllowedAt(long paidUntil, long units) =>
        paidUntil - (long)((Burst - Math.Min(units, Burst)) * TicksPerUnit);
}
