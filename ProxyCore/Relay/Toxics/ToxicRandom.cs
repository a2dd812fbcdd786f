namespace ProxyCore.Relay.Toxics;

/// <summary>The chance of toxics: the same numbers for the same seed, so that a run can be repeated.</summary>
/// <remarks>Vigna's splitmix64 (https://prng.di.unimi.it/splitmix64.c). A struct of one number, so that a stage pays nothing for it.</remarks>
internal struct ToxicRandom
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    // As many bits as a double has of precision.
    private const int Bits = 53;

    private ulong _state;

    // Whether the toxic acts on the connection was drawn from the seed itself: what it does must not depend on that draw.
    internal ToxicRandom(ulong seed) => _state = Mix(seed);

    /// <summary>One step of splitmix64: neighbours come out far apart.</summary>
    internal static ulong Mix(ulong value)
    {
        value += Step;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>The number from 0 to less than 1 that <paramref name="bits"/> stand for.</summary>
    internal static double ShareOf(ulong bits) => (bits >> (64 - Bits)) * (1.0 / (1UL << Bits));

    /// <summary>A number from 0 to less than 1.</summary>
    internal double NextShare() => ShareOf(Next());

    /// <summary>A whole number from 0 to less than <paramref name="limit"/>.</summary>
    internal long NextBelow(long limit) => (long)Math.BigMul(Next(), (ulong)limit, out _);

    private ulong Next()
    {
        ulong mixed = Mix(_state);
        _state += Step;
        return mixed;
    }
}
