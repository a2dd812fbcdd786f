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
        LoadKind.ConnectName => WithFile(place, new { Routes = RoutesByName(place) }),
        _ when place.Kind.IsTls() => WithFile(place, new { TlsEngine = engine, Routes = new[] { TlsRoute(place) } }),
        _ when place.Features.Routes > 1 => WithFile(place, new { Routes = RoutesByAddress(place) }),
        _ when place.Features.HasLimits => WithFile(place, new { Routes = new[] { LimitedRoute(place) } }),
        _ when place.Features.Latency is { } latency => WithFile(place, new { Routes = new[] { SlowRoute(place, latency) } }),
        _ => Relay(place),
    };

    private static string[] Relay(Place place) =>
        ["--listen", $"127.0.0.1:{place.Port}", "--upstream", $"127.0.0.1:{place.Upstream}"];

    private static IEnumerable<object> RoutesByName(Place place) => CapturedHello.NamesOf(place.Features.Routes).Select((name, number) => new
    {
        Name = $"route-{number}",
        Listen = new[] { $"127.0.0.1:{place.Port}" },
        ServerNames = new[] { name },
        Upstreams = Upstreams(place),
    });

    private static IEnumerable<object> RoutesByAddress(Place place) => Enumerable.Range(0, place.Features.Routes).Select(number => new
    {
        Name = $"route-{number}",
        Listen = new[] { place.AddressOf(number) },
        Upstreams = Upstreams(place),
    });

    private static object LimitedRoute(Place place) => new
    {
        Name = "relay",
        Listen = Listen(place),
        Access = new { DenyFiles = new[] { AccessFile.Write(place.Folder) } },
        ClientLimits = new { Connections = 100_000, ConnectionRate = "1000000/s" },
        Upstreams = Upstreams(place),
    };

    // One toxic for each direction; each byte of a request and its answer passes both.
    private static object SlowRoute(Place place, int latency) => new
    {
        Name = "relay",
        Listen = Listen(place),
        Upstreams = Upstreams(place),
        Toxics = new object[]
        {
            new { Type = "latency", Stream = "downstream", Latency = $"{latency}ms" },
            new { Type = "latency", Stream = "upstream", Latency = "0ms" },
        },
    };

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

    private static string[] Listen(Place place) => [$"127.0.0.1:{place.Port}"];

    private static object[] Upstreams(Place place) => [new { Address = $"127.0.0.1:{place.Upstream}" }];

    private static string[] WithFile(Place place, object options)
    {
        string file = Path.Combine(place.Folder, $"proxycore-{place.Port}.json");
        File.WriteAllText(file, JsonSerializer.Serialize(new { ProxyCore = options }));
        return ["--config", file];
    }
}
