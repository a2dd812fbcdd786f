using System.Diagnostics;
using ProxyCore.Bench.Comparing;

namespace ProxyCore.Bench.Micro;

/// <summary>What a reload costs: how long it takes, and for how long it holds the loop up.</summary>
/// <param name="Change">What it changes.</param>
/// <param name="Count">How many routes or upstreams there are.</param>
/// <param name="Milliseconds">From the options to the end of the change: the median.</param>
/// <param name="LongestTurn">The longest turn of the loop meanwhile, in ms: the median of the reloads. None of a start.</param>
/// <param name="OwnWork">The same without the pauses of the garbage collector: what the loop itself does.</param>
/// <param name="Allocated">What the whole reload allocates, in MB.</param>
internal sealed record ReloadCost(string Change, int Count, double Milliseconds, double? LongestTurn, double? OwnWork, double Allocated)
{
    internal const string Start = "start";

    private const int WarmUps = 2;
    private const int Rounds = 9;

    internal static IReadOnlyList<int> Counts { get; } = [1, 10, 100, 1000, 2000, 5000];

    /// <summary>Reloads of so many routes with an upstream each.</summary>
    internal static Task<IReadOnlyList<ReloadCost>> OfRoutesAsync(int routes) => MeasureAsync(
        routes,
        new Dictionary<string, Func<int, TcpProxyOptions>>
        {
            ["nothing"] = _ => ReloadOptions.Routes(routes),
            ["one route"] = round => ReloadOptions.Routes(routes, round, changed: 1),
            ["all routes"] = round => ReloadOptions.Routes(routes, round, changed: routes),
            ["all endpoints"] = round => ReloadOptions.Routes(routes, firstPort: ReloadOptions.PortOf(round)),
        });

    /// <summary>Reloads of one route with so many upstreams.</summary>
    internal static Task<IReadOnlyList<ReloadCost>> OfUpstreamsAsync(int upstreams) => MeasureAsync(
        upstreams,
        new Dictionary<string, Func<int, TcpProxyOptions>>
        {
            ["nothing"] = _ => ReloadOptions.Upstreams(upstreams),
            ["one upstream"] = round => ReloadOptions.Upstreams(upstreams, round, changed: 1),
            ["all upstreams"] = round => ReloadOptions.Upstreams(upstreams, round, changed: upstreams),
        });

    private static async Task<IReadOnlyList<ReloadCost>> MeasureAsync(int count, Dictionary<string, Func<int, TcpProxyOptions>> changes)
    {
        var costs = new List<ReloadCost>();
        await using var proxy = new TcpProxy(changes["nothing"](0));
        long allocated = GC.GetTotalAllocatedBytes();
        long begin = Stopwatch.GetTimestamp();
        await proxy.StartAsync();
        costs.Add(new ReloadCost(Start, count, Stopwatch.GetElapsedTime(begin).TotalMilliseconds, LongestTurn: null, OwnWork: null, MegabytesSince(allocated)));
        foreach ((string change, Func<int, TcpProxyOptions> options) in changes)
        {
            var measured = new List<Reload>();
            for (int round = 0; round < WarmUps + Rounds; round++)
            {
                measured.Add(await ReloadAsync(proxy, options(round)));
            }

            measured.RemoveRange(0, WarmUps);
            costs.Add(new ReloadCost(
                change,
                count,
                Medians.Of(measured.Select(static one => one.Time)),
                Medians.Of(measured.Select(static one => one.Turn)),
                Medians.Of(measured.Select(static one => one.Own)),
                Medians.Of(measured.Select(static one => one.Allocated))));
            await ReloadAsync(proxy, changes["nothing"](0));
        }

        return costs;
    }

    private static async Task<Reload> ReloadAsync(TcpProxy proxy, TcpProxyOptions options)
    {
        var watch = new TurnWatch(proxy.Shards[0].Loop);
        await watch.BeginAsync();
        long allocated = GC.GetTotalAllocatedBytes();
        long begin = Stopwatch.GetTimestamp();
        await proxy.ApplyAsync(options);
        double time = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        (TimeSpan turn, TimeSpan own) = await watch.EndAsync();
        return new Reload(time, turn.TotalMilliseconds, own.TotalMilliseconds, MegabytesSince(allocated));
    }

    private static double MegabytesSince(long allocated) => (GC.GetTotalAllocatedBytes() - allocated) / 1e6;

    private readonly record struct Reload(double Time, double Turn, double Own, double Allocated);
}
