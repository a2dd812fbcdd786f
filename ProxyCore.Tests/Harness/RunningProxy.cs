using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Connections;
using ProxyCore.Connections.Listening;
using ProxyCore.Connections.Pools;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Harness;

/// <summary>A started proxy with one route, its log, and ways to look inside.</summary>
internal sealed class RunningProxy : IAsyncDisposable
{
    private RunningProxy(TcpProxy proxy, RecordedLog log, FakeTimeProvider? clock)
    {
        Proxy = proxy;
        Log = log;
        Clock = clock;
    }

    internal TcpProxy Proxy { get; }

    internal RecordedLog Log { get; }

    internal FakeTimeProvider? Clock { get; }

    internal EndPoint Endpoint => Proxy.Endpoints[0];

    internal static Task<RunningProxy> To(
        EndPoint upstream, Action<RouteOptions>? route = null, Action<TcpProxyOptions>? options = null) =>
        To(upstream, clock: null, route, options);

    internal static Task<RunningProxy> OnFakeClock(
        EndPoint upstream, Action<RouteOptions>? route = null, Action<TcpProxyOptions>? options = null) =>
        To(upstream, new FakeTimeProvider(), route, options);

    /// <summary>A proxy on several loops.</summary>
    internal static Task<RunningProxy> OnLoops(
        int loops,
        ClientSpread spread,
        EndPoint upstream,
        Action<RouteOptions>? route = null,
        Action<TcpProxyOptions>? options = null,
        TimeProvider? clock = null) =>
        Start(AddressOf(upstream), clock, route, options + (o => o.Loops = loops), Dns.GetHostAddressesAsync, spread);

    /// <summary>A proxy to a name, with the test as its DNS.</summary>
    internal static Task<RunningProxy> ToName(
        int port,
        NameLookup lookup,
        FakeTimeProvider? clock = null,
        Action<RouteOptions>? route = null,
        Action<TcpProxyOptions>? options = null) =>
        Start($"upstream.test:{port}", clock, route, options, lookup);

    private static Task<RunningProxy> To(
        EndPoint upstream, FakeTimeProvider? clock, Action<RouteOptions>? route, Action<TcpProxyOptions>? options) =>
        Start(AddressOf(upstream), clock, route, options, Dns.GetHostAddressesAsync);

    private static string AddressOf(EndPoint upstream) =>
        upstream is IPEndPoint ? upstream.ToString()! : $"unix:{upstream}";

    private static async Task<RunningProxy> Start(
        string upstream,
        TimeProvider? clock,
        Action<RouteOptions>? configureRoute,
        Action<TcpProxyOptions>? configure,
        NameLookup lookup,
        ClientSpread? spread = null)
    {
        var route = new RouteOptions { Upstreams = { new UpstreamOptions { Address = upstream } } };
        configureRoute?.Invoke(route);
        if (route.Listen.Count == 0)
        {
            route.Listen.Add("127.0.0.1:0");
        }

        var options = new TcpProxyOptions { Routes = { route } };
        configure?.Invoke(options);
        var log = new RecordedLog(LogLevel.Debug);
        options.ParkIdleSockets = ParkingFixture.Policy is not null;
        ProxyServices services = ProxyServices.Create(log, clock, meterFactory: null, name: null);
        var proxy = new TcpProxy(OptionsReader.Read(options), services with
        {
            Lookup = lookup,
            Parking = ParkingFixture.Policy ?? services.Parking,
            Spread = spread ?? services.Spread,
        });
        await proxy.StartAsync();
        return new RunningProxy(proxy, log, clock as FakeTimeProvider);
    }

    internal Task<Peer> Connect() => Peer.Connect(Endpoint);

    /// <summary>Clients who come one after the other get an answer, and leave.</summary>
    internal async Task Serves(int clients)
    {
        for (int i = 0; i < clients; i++)
        {
            using Peer client = await Connect();
            await client.Echoes("hello");
        }
    }

    /// <summary>Looks at what the loop owns, on its thread; the first of several.</summary>
    internal Task<T> OnLoop<T>(Func<Shard, T> look) => OnLoop(Proxy.Shards[0], look);

    /// <summary>Looks at what each loop owns, on its thread.</summary>
    internal Task<T[]> OnEachLoop<T>(Func<Shard, T> look) =>
        Task.WhenAll(Proxy.Shards.Select(shard => OnLoop(shard, look)));

    private static Task<T> OnLoop<T>(Shard shard, Func<Shard, T> look)
    {
        var seen = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        shard.Loop.Post(shard, () => seen.SetResult(look(shard)));
        return Bound.Within("the loop", token => new ValueTask<T>(seen.Task.WaitAsync(token)));
    }

    /// <summary>While <paramref name="work"/> is done, the first loop's thread allocates nothing.</summary>
    internal Task AllocatesNothingWhile(Func<Task> work) => Allocations.AssertNone(AllocatedOnLoop, work);

    /// <summary>How many bytes the first loop's thread has allocated so far. The question itself allocates nothing there.</summary>
    /// <remarks>
    /// The answer is no task: to complete one, the loop's thread queues its continuation to the thread pool, which takes
    /// 32 bytes, and kilobytes when the pool is behind and its queue has to grow.
    /// </remarks>
    private long AllocatedOnLoop()
    {
        Shard shard = Proxy.Shards[0];
        long allocated = -1;
        shard.Loop.Post(shard, () => Volatile.Write(ref allocated, GC.GetAllocatedBytesForCurrentThread()));
        Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref allocated) >= 0, Bound.Wait), "the loop does not answer");
        return allocated;
    }

    /// <summary>Waits until <paramref name="count"/> connections have ended; returns the figures then.</summary>
    internal async Task<TcpProxyStatistics> Ended(int count = 1)
    {
        await Log.Saw("Ended", count);
        return Proxy.GetStatistics();
    }

    /// <summary>The same for so many that they are not all to be logged.</summary>
    internal async Task<TcpProxyStatistics> HasEnded(int count)
    {
        await Until($"{count} connections have ended", () => Task.FromResult(Proxy.GetStatistics().Ended.Values.Sum() >= count));
        return Proxy.GetStatistics();
    }

    /// <summary>Makes the loop turn until it has parked <paramref name="sockets"/>: it counts Selects, not time.</summary>
    internal Task Parks(int sockets) =>
        Until($"{sockets} sockets are parked", () => OnLoop(shard => shard.Loop.Parked >= sockets));

    /// <summary>Waits until every client has its upstream: then the table has two sockets of each.</summary>
    internal Task RelaysToAll() => Until(
        "every client is relayed",
        async () => (await OnEachLoop(static shard => shard.Routes.Count == 2 * shard.Connections)).All(static all => all));

    /// <summary>Waits until a direction holds bytes that its sink does not take.</summary>
    internal Task Stalls() => Until("bytes are pending", () => OnLoop(static shard => shard.Buffers.Pool.Rented > 0));

    private static async Task Until(string what, Func<Task<bool>> holds)
    {
        using var timeout = new CancellationTokenSource(Bound.Wait);
        while (!await holds())
        {
            Assert.That(timeout.IsCancellationRequested, Is.False, $"in vain: {what}");
        }
    }

    /// <summary>Waits for the first connection to end and tells why.</summary>
    internal async Task<EndReason> EndReason()
    {
        TcpProxyStatistics statistics = await Ended();
        return statistics.Ended.First(static entry => entry.Value > 0).Key;
    }

    /// <summary>Waits until the loop has taken <paramref name="bytes"/> from <paramref name="source"/> and sent them on.</summary>
    internal async Task HasRelayed(ConnectionSide source, long bytes)
    {
        using var timeout = new CancellationTokenSource(Bound.Wait);
        while (true)
        {
            await OnEachLoop(static _ => true);
            TcpProxyStatistics statistics = Proxy.GetStatistics();
            if ((source == ConnectionSide.Client ? statistics.BytesToUpstreams : statistics.BytesToClients) >= bytes)
            {
                return;
            }

            Assert.That(timeout.IsCancellationRequested, Is.False, $"{bytes} bytes were not relayed in time");
        }
    }

    /// <summary>Nothing of any connection is left: not in a table, not in Select's lists, not among the timers.</summary>
    /// <param name="names">How many upstreams have names, each with a timer to look it up again.</param>
    internal async Task HoldsNothing(int names = 0)
    {
        (int Routes, int Watching, int Listeners, int Timers)[] loops = await OnEachLoop(static shard =>
            (shard.Routes.Count, shard.Loop.Watching, shard.Listeners.All.Count, shard.Loop.TimersArmed));
        Assert.Multiple(() =>
        {
            foreach ((int routes, int watching, int listeners, _) in loops)
            {
                Assert.That(routes, Is.Zero, "entries in the route table");
                Assert.That(watching, Is.EqualTo(1 + listeners), "entries for Select: the signal and the listeners");
            }

            Assert.That(loops.Sum(static loop => loop.Timers), Is.EqualTo(names), "armed timers");
        });
    }

    public ValueTask DisposeAsync() => Proxy.DisposeAsync();
}
