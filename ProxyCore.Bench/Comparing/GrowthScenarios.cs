using ProxyCore.Bench.Load;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Comparing;

/// <summary>The same load beside more and more connections, and through the last of more and more routes.</summary>
internal static class GrowthScenarios
{
    internal const string IdlePrefix = "growth-idle-";
    internal const string BusyPrefix = "growth-busy-";
    internal const string RoutesPrefix = "growth-routes-";
    internal const string ConnectPrefix = "growth-connect-";
    internal const string NamesPrefix = "growth-names-";

    private const int BusyBesideIdle = 64;
    private const int Connecting = 32;

    // Each takes two of a proxy's descriptors, of which there are 20,000.
    internal static IReadOnlyList<int> Idle { get; } = [0, 500, 1000, 2000, 4000, 6000, 9000];

    internal static IReadOnlyList<int> Busy { get; } = [1, 8, 32, 64, 128, 256, 512, 1000];

    internal static IReadOnlyList<int> Routes { get; } = [2, 20, 200, 1000, 5000];

    internal static IEnumerable<Scenario> All =>
    [
        .. Idle.Select(static idle => new Scenario(
            $"{IdlePrefix}{idle}", $"{BusyBesideIdle} busy beside {idle} idle", LoadKind.Requests, BusyBesideIdle, idle)),
        .. Busy.Select(static busy => new Scenario($"{BusyPrefix}{busy}", $"{busy} busy", LoadKind.Requests, busy)),
        .. Routes.Select(static routes => new Scenario(
            $"{RoutesPrefix}{routes}", $"{BusyBesideIdle} busy on the last of {routes} routes", LoadKind.Requests, BusyBesideIdle)
        {
            Features = new Features { Routes = routes },
        }),
        .. Routes.Select(static routes => new Scenario(
            $"{ConnectPrefix}{routes}", $"a connection for each request on the last of {routes} routes", LoadKind.Connect, Connecting)
        {
            Features = new Features { Routes = routes },
        }),
        .. Routes.Where(static routes => routes >= CapturedHello.NameCount).Select(static routes => new Scenario(
            $"{NamesPrefix}{routes}", $"a hello for one of the last of {routes} names", LoadKind.ConnectName, Connecting)
        {
            Features = new Features { Routes = routes },
        }),
    ];
}
