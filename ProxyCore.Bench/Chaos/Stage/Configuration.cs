using System.Text.Json;

namespace ProxyCore.Bench.Chaos.Stage;

/// <summary>What a configuration file of the run says. Immutable: a rewriting makes another one.</summary>
internal sealed record Configuration(IReadOnlyList<RouteEntry> Routes)
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <summary>How many connections are served at a time; null for the default.</summary>
    internal int? MaxConnections { get; init; }

    internal required string AccessLog { get; init; }

    /// <summary>The configuration in which the route <paramref name="key"/> is another.</summary>
    internal Configuration With(string key, Func<RouteEntry, RouteEntry> change) =>
        this with { Routes = [.. Routes.Select(route => route.Key == key ? change(route) : route)] };

    internal Configuration Without(string key) => this with { Routes = [.. Routes.Where(route => route.Key != key)] };

    internal string ToJson()
    {
        var proxy = new Dictionary<string, object>
        {
            ["DrainTimeout"] = "30s",
            ["AccessLog"] = new { Path = AccessLog, Format = "Json" },
            ["Routes"] = Routes.Select(static route => route.ToJson()),
        };
        if (MaxConnections is { } most)
        {
            proxy["MaxConnections"] = most;
        }

        return JsonSerializer.Serialize(new { ProxyCore = proxy }, _indented);
    }
}
