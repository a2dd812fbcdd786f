namespace ProxyCore.Cli.Admin;

/// <summary>What an operator has to look at: upstreams that do not serve though they should, and the routes that have some.</summary>
internal static class Trouble
{
    /// <summary>No upstream serves the clients of the route.</summary>
    internal const string Down = "Down";

    /// <summary>The route serves its clients, but some of its upstreams do not, or clients wait in its queue.</summary>
    internal const string Degraded = "Degraded";

    // The only upstream of a route stays up however many connects fail, and nothing else tells that nobody is served.
    private const int FailuresThatTell = 3;

    /// <summary>Whether an upstream does not serve though it should. What an operator has taken out is no trouble.</summary>
    internal static bool Has(UpstreamSnapshot upstream) =>
        upstream.Administration == UpstreamAdministration.Ready && upstream.State != UpstreamState.Draining && !IsHealthy(upstream);

    /// <summary><see cref="Down"/>, <see cref="Degraded"/> or null.</summary>
    internal static string? Of(RouteSnapshot route) => !route.Upstreams.Any(Serves) ? Down
        : route.Queued > 0 || route.Upstreams.Any(Has) ? Degraded
        : null;

    private static bool Serves(UpstreamSnapshot upstream) =>
        upstream is { Administration: UpstreamAdministration.Ready, Weight: > 0 } && IsHealthy(upstream);

    private static bool IsHealthy(UpstreamSnapshot upstream) =>
        upstream.State == UpstreamState.Up && upstream.FailuresInRow < FailuresThatTell;
}
