using ProxyCore.Bench.Chaos.Stage;

namespace ProxyCore.Bench.Chaos.Actors;

/// <summary>A change of the configuration that the proxy must apply.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Change">Makes the next configuration from the one at work; the number differs each time.</param>
internal sealed record Rewriting(string Name, Func<Configuration, int, Configuration> Change)
{
    /// <summary>The changes, given the configuration that the run begins with.</summary>
    internal static IReadOnlyList<Rewriting> All(Configuration original)
    {
        RouteEntry moving = original.Routes.First(static route => route.Key == RouteScenarios.Moving);
        RouteEntry pool = original.Routes.First(static route => route.Key == "pool");
        string port = original.Routes.First(static route => route.Key == RouteScenarios.Overlapping).Listen[0].Split(':')[^1];
        string[][] spellings = [[$"127.0.0.1:{port}"], [$"localhost:{port}"], [$"*:{port}"], [$"127.0.0.1:{port}", $"[::1]:{port}"]];
        return
        [
            new("nothing changed", static (now, _) => now),
            new("other timeouts", static (now, step) => now.With("banner", route => route.WithSetting("IdleTimeout", $"{1 + (step % 50)}m"))),
            new("a renamed route", static (now, step) => now.With(RouteScenarios.Queue, route => route with { Name = $"queue-{step}" })),
            new("another order", static (now, _) => now with { Routes = [.. now.Routes.Reverse()] }),
            new("an endpoint removed or added", (now, _) =>
                now.Routes.Any(static route => route.Key == RouteScenarios.Moving)
                    ? now.Without(RouteScenarios.Moving)
                    : now with { Routes = [.. now.Routes, moving] }),
            new("an endpoint written in another way", (now, step) =>
                now.With(RouteScenarios.Overlapping, route => route with { Listen = spellings[step % spellings.Length] })),
            new("an upstream removed or added", (now, _) => now.With("pool", route => route with
            {
                Upstreams = route.Upstreams.Count < pool.Upstreams.Count ? pool.Upstreams : [.. route.Upstreams.Take(2)],
            })),
            new("other balancing", static (now, step) => now.With("pool", route =>
                route.WithSetting("Balancing", step % 2 == 0 ? "LeastConnections" : "RoundRobin"))),
            new("checks turned on or off", (now, _) => now.With("pool", route => route.Settings.ContainsKey("HealthCheck")
                ? route.WithoutSetting("HealthCheck")
                : route.WithSetting("HealthCheck", pool.Settings["HealthCheck"]))),
        ];
    }
}
