using System.Text.Json;
using ProxyCore.Bench.Load;

namespace ProxyCore.Bench.Peers;

/// <summary>The arguments of ProxyCore's command, and its file where it needs one.</summary>
internal static class ProxyCoreSetup
{
    /// <param name="place">Where it works, and at what.</param>
    /// <param name="engine">What it ends TLS with.</param>
    internal static string[] Arguments(Place place, string engine) => place.Kind switch
    {
        LoadKind.ConnectProxy => [.. Relay(place), "--accept-proxy", "127.0.0.0/8", "--send-proxy", "v2"],
        LoadKind.ConnectName => ["--config", WriteFile(place, new { Routes = RoutesByName(place) })],
        _ when place.Kind.IsTls() => ["--config", WriteFile(place, new { TlsEngine = engine, Routes = new[] { TlsRoute(place) } })],
        _ => Relay(place),
    };

    private static string[] Relay(Place place) =>
        ["--listen", $"127.0.0.1:{place.Port}", "--upstream", $"127.0.0.1:{place.Upstream}"];

    private static IEnumerable<object> RoutesByName(Place place) => Enumerable.Range(0, CapturedHello.NameCount).Select(number => new
    {
        Name = $"route-{number}",
        Listen = new[] { $"127.0.0.1:{place.Port}" },
        ServerNames = new[] { CapturedHello.Name(number) },
        Upstreams = Upstreams(place),
    });

    private static object TlsRoute(Place place)
    {
        var pair = new { Certificate = place.Tls.Certificate(place.Key), Key = place.Tls.Key(place.Key) };
        bool hasBoth = place.Kind == LoadKind.TlsBesidePlain;
        var listener = new
        {
            Address = $"127.0.0.1:{(hasBoth ? place.HandshakePort : place.Port)}",
            Tls = new { Certificates = new[] { pair } },
        };
        return new
        {
            Name = "relay",
            Listen = hasBoth ? new object[] { $"127.0.0.1:{place.Port}", listener } : [listener],
            Upstreams = Upstreams(place),
        };
    }

    private static object[] Upstreams(Place place) => [new { Address = $"127.0.0.1:{place.Upstream}" }];

    private static string WriteFile(Place place, object options)
    {
        string file = Path.Combine(place.Folder, $"proxycore-{place.Port}.json");
        File.WriteAllText(file, JsonSerializer.Serialize(new { ProxyCore = options }));
        return file;
    }
}
