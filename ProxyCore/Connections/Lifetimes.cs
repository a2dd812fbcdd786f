namespace ProxyCore.Connections;

/// <summary>How long each connection may be open: see <see cref="RouteOptions.MaxLifetime"/>.</summary>
internal static class Lifetimes
{
    private const double Jitter = 0.1;

    // 2^64 divided by the golden ratio: its multiples, modulo 2^64, spread evenly, however many there are (Knuth, The Art of
    // Computer Programming, vol. 3, 6.4). So a connection need not store its share.
    private const ulong GoldenStep = 11400714819323198485;

    /// <summary>The limit of the connection with this id: 90% to 100% of <paramref name="longest"/>.</summary>
    internal static TimeSpan Of(long id, TimeSpan longest)
    {
        double share = unchecked((ulong)id * GoldenStep) / (double)ulong.MaxValue;
        return longest * (1 - (Jitter * share));
    }
}
