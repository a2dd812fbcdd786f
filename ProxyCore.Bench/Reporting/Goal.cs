using ProxyCore.Bench.Comparing;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Reporting;

/// <summary>What ProxyCore must reach.</summary>
/// <param name="Scenario">Where.</param>
/// <param name="Figure">Of what.</param>
/// <param name="Bound">The ratio to another's figure, or the figure itself.</param>
/// <param name="IsFloor">Whether at least the bound must be reached; otherwise at most.</param>
/// <param name="Contender">Which ProxyCore.</param>
/// <param name="IsAbsolute">Whether the bound is one of the figure itself.</param>
internal sealed record Goal(
    string Scenario, Figure Figure, double Bound, bool IsFloor, string Contender = Contenders.Native, bool IsAbsolute = false)
{
    /// <summary>The most system calls that a short connection may take.</summary>
    internal const double MostCallsOfConnection = 17;

    /// <summary>Whose figure the ratio is over.</summary>
    internal string Over { get; init; } = HAProxies.Name;

    /// <summary>The part of the figure without a proxy that is enough too, since no proxy can pass it; null for none.</summary>
    internal double? PartOfDirect { get; init; }

    internal static IReadOnlyList<Goal> All { get; } =
    [
        AtLeast("busy-64", Figure.Requests, 1.05),
        AtMost("busy-64", Figure.TimePerRequest, 0.90),
        AtMost("busy-64", Figure.TimePerRequest, 1.06) with { Over = OtherProxies.Limit },
        AtLeast("busy-1000", Figure.Requests, 1.05),
        AtMost("busy-1000", Figure.TimePerRequest, 0.90),
        AtMost("busy-1000", Figure.TimePerRequest, 1.06) with { Over = OtherProxies.Limit },
        AtMost("busy-1000", Figure.P99, 1.0),
        AtLeast("idle-4500", Figure.Requests, 1.05),
        AtMost("idle-4500", Figure.TimePerRequest, 1.0),
        AtMost("idle-4500", Figure.Resident, 0.45),
        AtMost("sparse", Figure.TimePerRequest, 0.85),
        AtMost("sparse", Figure.P99, 1.0),
        AtLeast("bulk-1", Figure.Bytes, 1.3) with { Over = HAProxies.Splice, PartOfDirect = 0.9 },
        AtLeast("bulk-4", Figure.Bytes, 1.8) with { Over = HAProxies.Splice, PartOfDirect = 0.9 },
        AtLeast("connect", Figure.Connections, 1.05),
        AtMost("connect", Figure.TimePerConnection, 0.93),
        AtLeast("connect-proxy", Figure.Connections, 1.0),
        AtMost("connect-proxy", Figure.TimePerConnection, 0.95),
        AtLeast("connect-sni", Figure.Connections, 1.0),
        AtMost("connect-sni", Figure.TimePerConnection, 0.95),
        AtMost(TlsScenarios.Handshake, Figure.TimePerHandshake, 0.95),
        AtMost(TlsScenarios.HandshakeRsa, Figure.TimePerHandshake, 0.95),
        AtMost(TlsScenarios.Resumed, Figure.TimePerHandshake, 0.92),
        AtMost(TlsScenarios.Bulk, Figure.TimePerGigabyte, 0.7),
        AtMost(TlsScenarios.Requests, Figure.TimePerRequest, 0.92),
        AtMost(TlsScenarios.Idle, Figure.Resident, 0.8),
        AtMost(TlsScenarios.Idle, Figure.Growth, 17) with { IsAbsolute = true },
        AtMost(TlsScenarios.Latency, Figure.P99, 1.2),
        SslStream(TlsScenarios.Handshake, Figure.TimePerHandshake, 2.0),
        SslStream(TlsScenarios.HandshakeRsa, Figure.TimePerHandshake, 1.4),
        SslStream(TlsScenarios.Resumed, Figure.TimePerHandshake, 2.0),
        SslStream(TlsScenarios.Bulk, Figure.TimePerGigabyte, 1.3),
        SslStream(TlsScenarios.Requests, Figure.TimePerRequest, 1.3),
        SslStream(TlsScenarios.Idle, Figure.Growth, 70) with { IsAbsolute = true },
    ];

    /// <summary>The ratio, or the figure, that was reached; null when it was not measured.</summary>
    internal double? Reached(IReadOnlyList<Measurement> measurements)
    {
        Measurement[] own = Own(measurements);
        if (!IsAbsolute)
        {
            return Medians.OfRatios(own, Contender, Over, Figure.Value);
        }

        double[] values = [.. own.Where(one => one.Contender == Contender).Select(Figure.Value)];
        return values.Length == 0 ? null : Medians.Of(values);
    }

    /// <summary>The part of the figure without a proxy that was reached; null when it was not measured.</summary>
    internal double? ReachedOfDirect(IReadOnlyList<Measurement> measurements) =>
        Medians.OfRatios(Own(measurements), Contender, Contenders.Direct.Name, Figure.Value);

    /// <summary>Whether it was measured and is met.</summary>
    internal bool IsMetBy(IReadOnlyList<Measurement> measurements) =>
        (Reached(measurements) is { } reached && IsMetBy(reached)) || ReachedOfDirect(measurements) >= PartOfDirect;

    internal bool IsMetBy(double reached) => IsFloor ? reached >= Bound : reached <= Bound;

    private Measurement[] Own(IReadOnlyList<Measurement> measurements) => [.. measurements.Where(one => one.Scenario == Scenario)];

    private static Goal AtMost(string scenario, Figure figure, double bound) => new(scenario, figure, bound, IsFloor: false);

    private static Goal AtLeast(string scenario, Figure figure, double bound) => new(scenario, figure, bound, IsFloor: true);

    private static Goal SslStream(string scenario, Figure figure, double bound) =>
        AtMost(scenario, figure, bound) with { Contender = Contenders.NativeSslStream };
}
