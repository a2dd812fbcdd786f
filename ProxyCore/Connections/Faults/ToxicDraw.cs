using ProxyCore.Relay.Toxics;

namespace ProxyCore.Connections.Faults;

/// <summary>
/// The chance of toxics: a function of the seed of the proxy, the name of the toxic and the number of the connection, so that a
/// run can be repeated.
/// </summary>
internal static class ToxicDraw
{
    /// <summary>A number from 0 to less than 1.</summary>
    internal static double ShareOf(ulong seed) => ToxicRandom.ShareOf(ToxicRandom.Mix(seed));

    /// <summary>Where the chance of one toxic on one connection begins.</summary>
    internal static ulong SeedFor(ulong seed, string name, long connection)
    {
        ulong mixed = ToxicRandom.Mix(seed);
        foreach (char letter in name)
        {
            mixed = ToxicRandom.Mix(mixed ^ letter);
        }

        return ToxicRandom.Mix(mixed ^ (ulong)connection);
    }
}
