using ProxyCore.Bench.Load;

namespace ProxyCore.Bench.Comparing;

/// <summary>One contender in one scenario in one round.</summary>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Contender">The contender's name.</param>
/// <param name="Round">Counted from 1; contenders of one round ran one after the other.</param>
/// <param name="Load">What the load generator counted.</param>
/// <param name="ProcessorTime">What the proxy used meanwhile, in ns.</param>
/// <param name="ResidentAtStart">The proxy's resident memory before its first connection, in bytes.</param>
/// <param name="Resident">The same while it worked.</param>
/// <param name="ResidentBefore">The same when the load generator began to measure.</param>
internal sealed record Measurement(
    string Scenario,
    string Contender,
    int Round,
    LoadResult Load,
    long ProcessorTime,
    long ResidentAtStart,
    long Resident,
    long ResidentBefore = 0)
{
    /// <summary>How long the proxy took from its start until it listened.</summary>
    public double StartSeconds { get; init; }

    internal double RequestsPerSecond => Load.Requests / Load.Seconds;

    internal double BytesPerSecond => Load.Bytes / Load.Seconds;

    /// <summary>In µs.</summary>
    internal double ProcessorTimePerRequest => Load.Requests == 0 ? 0 : ProcessorTime / 1000.0 / Load.Requests;

    /// <summary>In KB, of 1000 bytes: how much the proxy grew with each TLS connection that was opened while it measured.</summary>
    internal double GrowthPerConnection => Load.Handshakes == 0 ? 0 : (Resident - ResidentBefore) / 1000.0 / Load.Handshakes;

    internal double HandshakesPerSecond => Load.Handshakes / Load.Seconds;

    /// <summary>In seconds.</summary>
    internal double ProcessorTimePerGigabyte => Load.Bytes == 0 ? 0 : (double)ProcessorTime / Load.Bytes;
}
