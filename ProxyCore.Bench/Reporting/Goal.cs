using ProxyCore.Bench.Comparing;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Reporting;

/// <summary>What ProxyCore must reach over HAProxy.</summary>
/// <param name="Scenario">Where.</param>
/// <param name="Figure">Of what.</param>
/// <param name="Bound">The ratio.</param>
/// <param name="IsFloor">Whether the ratio must be at least that; otherwise at most.</param>
internal sealed record Goal(string Scenario, Figure Figure, double Bound, bool IsFloor)
{
    internal static IReadOnlyList<Goal> All { get; } =
    [
        AtMost("busy-64", Figure.TimePerRequest, 0.95),
        AtLeast("busy-64", Figure.Requests, 1.05),
        AtMost("busy-1000", Figure.TimePerRequest, 0.95),
        AtMost("busy-1000", Figure.P99, 1.0),
        AtLeast("idle-4500", Figure.Requests, 1.05),
        AtMost("idle-4500", Figure.TimePerRequest, 1.0),
        AtMost("idle-4500", Figure.Resident, 0.5),
        AtMost("sparse", Figure.TimePerRequest, 1.05),
        AtMost("sparse", Figure.P99, 1.1),
        AtLeast("bulk-1", Figure.Bytes, 1.8),
        AtLeast("bulk-4", Figure.Bytes, 2.2),
        AtLeast("connect", Figure.Connections, 1.0),
        AtLeast("connect-proxy", Figure.Connections, 1.0),
        AtMost("connect-proxy", Figure.TimePerConnection, 0.95),
        AtLeast("connect-sni", Figure.Connections, 1.0),
        AtMost("connect-sni", Figure.TimePerConnection, 0.95),
    ];

    /// <summary>The ratio that was reached; null when it was not measured.</summary>
    internal double? Reached(IReadOnlyList<Measurement> measurements) => Medians.OfRatios(
        [.. measurements.Where(one => one.Scenario == Scenario)], Contenders.Native, Contenders.HAProxyName, Figure.Value);

    internal bool IsMetBy(double ratio) => IsFloor ? ratio >= Bound : ratio <= Bound;

    private static Goal AtMost(string scenario, Figure figure, double bound) => new(scenario, figure, bound, IsFloor: false);

    private static Goal AtLeast(string scenario, Figure figure, double bound) => new(scenario, figure, bound, IsFloor: true);
}
