using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using ProxyCore.Cli.Admin;

namespace ProxyCore.Tests.Browser;

/// <summary>
/// The answers of a busy proxy, made up: long names, upstreams in every state, figures that differ from one snapshot to the
/// next.
/// </summary>
internal sealed class MadeUpProxy(int routes, int upstreams, int open)
{
    private const string Failure = "connection refused, after the names of all addresses were looked up once more";

    private static readonly string[] _states = ["Up", "Up", "Up", "Down", "Up", "Out", "Up", "Unresolved", "Up", "OnTrial"];
    private static readonly DateTimeOffset _began = DateTimeOffset.UtcNow;

    private int _asked;

    /// <summary>How many points of the past it has.</summary>
    internal int Past { get; init; }

    internal async Task AnswerAsync(IPage page)
    {
        await page.RouteAsync("**/api/snapshot", route => Fulfill(route, JsonSerializer.Serialize(Next(), AdminJson.Default.SnapshotView)));
        await page.RouteAsync("**/api/history", route => Fulfill(route, JsonSerializer.Serialize(History(), AdminJson.Default.HistoryView)));
    }

    private static Task Fulfill(IRoute route, string json) =>
        route.FulfillAsync(new RouteFulfillOptions { ContentType = "application/json", Body = json });

    private static string Text(DateTimeOffset time) => UpstreamView.TextOf(time)!;

    private static Dictionary<string, long> Ended(long count) =>
        Enum.GetNames<EndReason>().ToDictionary(static name => name, _ => count);

    private HistoryView History()
    {
        HistoryPoint[] points =
        [
            .. Enumerable.Range(0, Past).Select(index => new HistoryPoint(
                (_began - ((Past - index) * TrafficHistory.Step)).ToUnixTimeMilliseconds(), 10L * index, open, 20_000L * index, 30_000L * index, 0, 0)),
        ];
        return HistoryView.Of(TrafficHistory.Step, points);
    }

    private SnapshotView Next()
    {
        _asked++;
        RouteView[] made = [.. Enumerable.Range(1, routes).Select(MakeRoute)];
        int troubled = made.Count(static route => route.Trouble is not null);
        return new SnapshotView(
            Text(_began + TimeSpan.FromSeconds(_asked)),
            "1.2.3",
            "Running",
            60 + _asked,
            MaxConnections: 20_000,
            CanEnd: true,
            new ProxyStatisticsView(100_000 + (50L * _asked), open, 123_456_789L * _asked, 987_654_321L * _asked, 0, Ended(1234 + _asked), 3L * _asked),
            made,
            [.. Enumerable.Range(1, 2).Select(number => new LoopView(number, open / 2, 123_456_789L * _asked, 1234, 5678, 0.123 * _asked, 0.00625))],
            [.. Enumerable.Range(1, Math.Min(open, 100)).Select(MakeConnection)],
            [new CertificateView("/etc/proxycore/certificates/a-long-name.example/fullchain.pem", "CN=a", ["a-long-name.example", "another-long-name.example"], "0123456789ABCDEF0123456789ABCDEF", 1_234_567, null)],
            new TroubleView(troubled, made.Count(static route => route.Trouble == Trouble.Down), routes * upstreams / 3, Queued: 12));
    }

    private RouteView MakeRoute(int number)
    {
        UpstreamView[] all = [.. Enumerable.Range(1, upstreams).Select(upstream => MakeUpstream(number, upstream))];
        return new RouteView(
            NameOf(number),
            ["[2001:db8:1111:2222:3333:4444:5555:6666]:18080", "192.0.2.123:18080"],
            "LeastConnections",
            Queued: number == 2 ? 12 : 0,
            new StatisticsView(10_000 + (5L * _asked), open / routes, 12_345_678L * _asked, 98_765_432L * _asked, Ended(12)),
            all,
            Toxics: [],
            all.All(static one => one.InTrouble) ? Trouble.Down : all.Any(static one => one.InTrouble) ? Trouble.Degraded : null);
    }

    private UpstreamView MakeUpstream(int route, int number)
    {
        string state = route % 5 == 1 ? "Down" : route % 2 == 0 ? _states[number % _states.Length] : "Up";
        bool isUp = state == "Up";
        return new UpstreamView(
            $"[2001:db8:aaaa:bbbb:cccc:dddd:{route:x4}:{number:x4}]:65535",
            state,
            Weight: 100,
            IsBackup: number == upstreams,
            MaxConnections: 1000,
            Connections: open / routes / upstreams,
            Connected: 12_345 + _asked,
            Failed: isUp ? 0 : 123 + _asked,
            Name: number == 1 ? "a-service-with-a-long-name.some-namespace.svc.cluster.example:65535" : null,
            Administration: number == 2 ? "Drain" : UpstreamView.Ready,
            SetByHandAt: number == 2 ? Text(_began) : null,
            ConfiguredWeight: number == 2 ? 50 : null,
            HasMaximumByHand: number == 2,
            InTrouble: !isUp,
            StateSince: isUp ? null : Text(_began),
            Cause: isUp ? null : Failure,
            LastCheck: new CheckView(Text(_began + TimeSpan.FromSeconds(_asked)), 0.0012345 * number, isUp ? null : Failure),
            ConnectedPerSecond: _asked % 100,
            MostConnectedPerSecond: 1234,
            BytesToUpstream: 12_345_678L * _asked,
            BytesToClients: 98_765_432L * _asked);
    }

    private ConnectionView MakeConnection(int number) => new(
        1_234_000 + number,
        NameOf((number % routes) + 1),
        $"[2001:db8:1111:2222:3333:4444:5555:{number:x4}]:54321",
        $"[2001:db8:aaaa:bbbb:cccc:dddd:0001:{number:x4}]:65535",
        "upstream-handshake",
        Attempts: 2,
        DurationSeconds: (1000 * number) + _asked,
        BytesToUpstream: 12_345_678L * _asked,
        BytesToClient: 98_765_432L * _asked,
        BytesPerSecond: 1_234_567 + (1000 * _asked));

    // 60 characters.
    private static string NameOf(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"a-route-with-a-long-name-for-the-customers-of-the-region-{number:000}");
}
