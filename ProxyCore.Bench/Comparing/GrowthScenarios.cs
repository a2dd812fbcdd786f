using ProxyCore.Bench.Load;

namespace ProxyCore.Bench.Comparing;

/// <summary>The same load beside more and more connections.</summary>
internal static class GrowthScenarios
{
    internal const string IdlePrefix = "growth-idle-";
    internal const string BusyPrefix = "growth-busy-";

    private const int BusyBesideIdle = 64;

    // Each takes two of a proxy's descriptors, of which there are 20,000.
    internal static IReadOnlyList<int> Idle { get; } = [0, 500, 1000, 2000, 4000, 6000, 9000];

    internal static IReadOnlyList<int> Busy { get; } = [1, 8, 32, 64, 128, 256, 512, 1000];

    internal static IEnumerable<Scenario> All =>
    [
        .. Idle.Select(static idle => new Scenario(
            $"{IdlePrefix}{idle}", $"{BusyBesideIdle} busy beside {idle} idle", LoadKind.Requests, BusyBesideIdle, idle)),
        .. Busy.Select(static busy => new Scenario($"{BusyPrefix}{busy}", $"{busy} busy", LoadKind.Requests, busy)),
    ];
}
