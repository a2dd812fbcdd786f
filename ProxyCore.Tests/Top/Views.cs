using ProxyCore.Cli.Admin;

namespace ProxyCore.Tests.Top;

/// <summary>Snapshots as the admin page tells them.</summary>
internal static class Views
{
    internal static SnapshotView Proxy(
        double uptime = 60,
        long accepted = 0,
        long bytes = 0,
        double busy = 0,
        IEnumerable<RouteView>? routes = null,
        IEnumerable<ConnectionView>? connections = null,
        IReadOnlyDictionary<string, long>? ended = null) => new(
            "2026-11-25T03:12:45.123Z",
            "1.2.3",
            "Running",
            uptime,
            MaxConnections: 500,
            CanEnd: false,
            new ProxyStatisticsView(accepted, accepted, bytes, 2 * bytes, AccessLogDropped: 0, ended ?? new Dictionary<string, long>()),
            routes ?? [],
            [new LoopView(1, Connections: 2, Selects: 3, Watched: 4, Parked: 5, busy, LongestTurnSeconds: 0.00625)],
            connections ?? [],
            Certificates: []);

    internal static RouteView Route(string name, params UpstreamView[] upstreams) => new(
        name, ["127.0.0.1:8080"], "RoundRobin", Queued: 7, new StatisticsView(20, 3, 1500, 2_500_000, new Dictionary<string, long>()), upstreams);

    internal static RouteView WithoutQueue(this RouteView route) => route with { Queued = 0 };

    internal static UpstreamView Upstream(string address, string state, int? most = null, string administration = "Ready") => new(
        address, state, Weight: 1, IsBackup: false, most, Connections: 3, Connected: 17, Failed: 2, Administration: administration);

    /// <summary>A proxy with much to show: every third route has an upstream that is down.</summary>
    internal static SnapshotView Crowd(int routes, int upstreams, int connections) => Proxy(
        routes: Enumerable.Range(1, routes).Select(route => Route(
            $"a-route-with-a-rather-long-name-{route}",
            [.. Enumerable.Range(1, upstreams).Select(upstream => Upstream($"10.0.{route}.{upstream}:5432", route % 3 == 0 && upstream == 7 ? "Down" : "Up", most: 1000))]).WithoutQueue()),
        connections: Enumerable.Range(1, connections).Select(static id => Connection(id, id * 1000, $"[2001:db8:1:2:3:4:5:{id:x}]:51234")),
        ended: Enum.GetNames<EndReason>().ToDictionary(static reason => reason, static _ => 12345L));

    internal static ConnectionView Connection(long id, double rate, string client = "192.0.2.1:1234") => new(
        id, "web", client, "10.0.0.1:80", "relaying", Attempts: 1, DurationSeconds: 192, BytesToUpstream: 999, BytesToClient: 1000, rate);
}
