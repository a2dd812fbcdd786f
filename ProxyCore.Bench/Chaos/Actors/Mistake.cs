using ProxyCore.Bench.Chaos.Stage;

namespace ProxyCore.Bench.Chaos.Actors;

/// <summary>A configuration that the proxy must refuse, without any client noticing.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Text">Makes the file from the configuration at work.</param>
internal sealed record Mistake(string Name, Func<Configuration, string> Text)
{
    /// <param name="takenEndpoint">An endpoint that another socket listens on.</param>
    internal static IReadOnlyList<Mistake> All(string takenEndpoint) =>
    [
        new("broken JSON", static now => now.ToJson()[..^20]),
        new("an unknown key", static now => now.With("banner", static route => route.WithSetting("IdelTimeout", "1m")).ToJson()),
        new("half a surrogate pair", static now =>
            now.ToJson().Replace("\"Name\": \"banner\"", "\"Name\": \"\\ud800\"", StringComparison.Ordinal)),
        new("no routes", static now => (now with { Routes = [] }).ToJson()),
        new("an endpoint in use", now => now.With("banner", route => route with { Listen = [.. route.Listen, takenEndpoint] }).ToJson()),
        new("an endpoint in use, beside one written in another way", now => now
            .With(RouteScenarios.Overlapping, static route => route with { Listen = [$"localhost:{Port(route)}"] })
            .With("banner", route => route with { Listen = [.. route.Listen, takenEndpoint] })
            .ToJson()),
        new("two routes on endpoints that overlap", static now =>
        {
            string port = Port(now.Routes.First(static route => route.Key == RouteScenarios.Overlapping));
            return now
                .With(RouteScenarios.Overlapping, route => route with { Listen = [$"localhost:{port}"] })
                .With("banner", route => route with { Listen = [.. route.Listen, $"127.0.0.1:{port}"] })
                .ToJson();
        }),
    ];

    private static string Port(RouteEntry route) => route.Listen[0].Split(':')[^1];
}
