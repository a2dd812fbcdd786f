namespace ProxyCore.Connections.Faults;

/// <summary>
/// The chance of toxics: a function of the seed of the proxy, the name of the toxic and the number of the connection, so that a
/// run can be repeated.
/// </summary>
internal static class ToxicDraw
{
    // As many bits as a double has of precision.
    private const int Bits = 53;

    /// <summary>A number from 0 to less than 1.</summary>
    internal static double ShareOf(ulong seed) => (Mix(seed) >> (64 - Bits)) * (1.0 / (1UL << Bits));

    /// <summary>Where the chance of one toxic on one connection begins.</summary>
    internal static ulong SeedFor(ulong seed, string name, long connection)
    {
        ulong mixed = Mix(seed);
        foreach (char letter in name)
        {
            mixed = Mix(mixed ^ letter);
        }

        return Mix(mixed ^ (ulong)connection);
    }

    /// <summary>Vigna's splitmix64 (https://prng.di.unimi.it/splitmix64.c), one step: neighbours come out far apart.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
