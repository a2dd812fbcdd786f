namespace ProxyCore.Bench.Chaos.Stage;

/// <summary>A route in the configuration file. Immutable.</summary>
/// <param name="Key">What the run calls it.</param>
/// <param name="Name">What the file calls it.</param>
/// <param name="Listen">Its endpoints.</param>
/// <param name="Upstreams">The addresses of its servers.</param>
/// <param name="MaxConnections">How many connections each of them may have.</param>
/// <param name="Settings">All else.</param>
internal sealed record RouteEntry(
    string Key,
    string Name,
    IReadOnlyList<string> Listen,
    IReadOnlyList<string> Upstreams,
    int? MaxConnections,
    IReadOnlyDictionary<string, object> Settings)
{
    internal static RouteEntry Of(ChaosRoute route) => new(
        route.Scenario.Name,
        route.Scenario.Name,
        [$"{route.EndPoint}"],
        [.. route.Servers.Select(static server => $"{server.EndPoint}")],
        route.Scenario.MaxConnections,
        route.Scenario.Settings);

    internal RouteEntry WithSetting(string name, object value) =>
        this with { Settings = new Dictionary<string, object>(Settings) { [name] = value } };

    internal RouteEntry WithoutSetting(string name) =>
        this with { Settings = Settings.Where(one => one.Key != name).ToDictionary() };

    internal Dictionary<string, object> ToJson() => new(Settings)
    {
        ["Name"] = Name,
        ["Listen"] = Listen,
        ["Upstreams"] = Upstreams.Select(UpstreamToJson),
    };

    private Dictionary<string, object> UpstreamToJson(string address)
    {
        var upstream = new Dictionary<string, object> { ["Address"] = address };
        if (MaxConnections is { } most)
        {
            upstream["MaxConnections"] = most;
        }

        return upstream;
    }
}
