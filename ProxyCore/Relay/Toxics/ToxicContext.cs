namespace ProxyCore.Relay.Toxics;

/// <summary>What a toxic's stage begins with on one connection.</summary>
/// <param name="Buffers">The memory of the loop, in which it holds bytes.</param>
/// <param name="Now">The time of the loop.</param>
/// <param name="Seed">Where its chance begins: the same for the same connection of the same run.</param>
internal readonly record struct ToxicContext(RelayBuffers Buffers, TimeSpan Now, ulong Seed);
