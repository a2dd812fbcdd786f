using System.Text.Json;
using ProxyCore.Bench.Load;

namespace ProxyCore.Bench.Peers;

/// <summary>The arguments of ProxyCore's command, and its file where it needs one.</summary>
internal static class ProxyCoreSetup
{
    internal static string[] Arguments(Place place) => place.Kind switch
    {
        LoadKind.ConnectProxy => [.. Relay(place), "--accept-proxy", "127.0.0.0/8", "--send-proxy", "v2"],
        LoadKind.ConnectName => ["--config", WriteFile(place)],
        _ => Relay(place),
    };

    private static string[] Relay(Place place) =>
        ["--listen", $"127.0.0.1:{place.Port}", "--upstream", $"127.0.0.1:{place.Upstream}"];

    private static string WriteFile(Place place)
    {
        var routes = Enumerable.Range(0, CapturedHello.NameCount).Select(number => new
        {
            Name = $"route-{number}",
            Listen = new[] { $"127.0.0.1:{place.Port}" },
            ServerNames = new[] { CapturedHello.Name(number) },
            Upstreams = new[] { new { Address = $"127.0.0.1:{place.Upstream}" } },
        });
        string file = Path.Combine(place.Folder, $"proxycore-{place.Port}.json");
        File.WriteAllText(file, JsonSerializer.Serialize(new { ProxyCore = new { Routes = routes } }));
        return file;
    }
}
