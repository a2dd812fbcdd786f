namespace ProxyCore.Upstreams;

/// <summary>Parts of whole numbers.</summary>
internal static class Shares
{
    // 0.29 * 100 is 28.999999999999996.
    private const double RoundingError = 1e-9;

    /// <summary>The part of <paramref name="count"/>, rounded down.</summary>
    internal static long Of(double share, long count) => (long)((share * count) + RoundingError);
}
