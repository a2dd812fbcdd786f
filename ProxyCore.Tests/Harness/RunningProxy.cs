using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Connections;

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

    /// <summary>A proxy to a name, with the test as its DNS.</summary>
    internal static Task<RunningProxy> ToName(
        int port, NameLookup lookup, FakeTimeProvider? clock = null, Action<RouteOptions>? route = null) =>
        Start($"upstream.test:{port}", clock, route, configure: null, lookup);

    private static Task<RunningProxy> To(
        EndPoint upstream, FakeTimeProvider? clock, Action<RouteOptions>? route, Action<TcpProxyOptions>? options)
    {
        string address = upstream is IPEndPoint ? upstream.ToString()! : $"unix:{upstream}";
        return Start(address, clock, route, options, Dns.GetHostAddressesAsync);
    }

    private static async Task<RunningProxy> Start(
        string upstream,
        FakeTimeProvider? clock,
        Action<RouteOptions>? configureRoute,
        Action<TcpProxyOptions>? configure,
        NameLookup lookup)
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
        var proxy = new TcpProxy(options, log, clock, lookup, ParkingFixture.Policy);
        await proxy.StartAsync();
        return new RunningProxy(proxy, log, clock);
    }

    internal Task<Peer> Connect() => Peer.Connect(Endpoint);

    /// <summary>Looks at what the loop owns, on its thread.</summary>
    internal Task<T> OnLoop<T>(Func<Shard, T> look)
    {
        Shard shard = Proxy.Shard!;
        var seen = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        shard.Loop.Post(shard, () => seen.SetResult(look(shard)));
        return Bound.Within("the loop", token => new ValueTask<T>(seen.Task.WaitAsync(token)));
    }

    /// <summary>Waits until <paramref name="count"/> connections have ended; returns the figures then.</summary>
    internal async Task<TcpProxyStatistics> Ended(int count = 1)
    {
        await Log.Saw("Ended", count);
        return Proxy.GetStatistics();
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
            TcpProxyStatistics statistics = await OnLoop(static shard => shard.Statistics.Read());
            if ((source == ConnectionSide.Client ? statistics.BytesToUpstreams : statistics.BytesToClients) >= bytes)
            {
                return;
            }

            Assert.That(timeout.IsCancellationRequested, Is.False, $"{bytes} bytes were not relayed in time");
        }
    }

    /// <summary>Nothing of any connection is left: not in the table, not in Select's lists, not among the timers.</summary>
    internal async Task HoldsNothing()
    {
        (int routes, int watching, int timers) = await OnLoop(
            static shard => (shard.Routes.Count, shard.Loop.Watching, shard.Loop.TimersArmed));
        Assert.Multiple(() =>
        {
            Assert.That(routes, Is.Zero, "entries in the route table");
            Assert.That(watching, Is.EqualTo(1 + Proxy.Endpoints.Count), "entries for Select: the signal and the listeners");
            Assert.That(timers, Is.Zero, "armed timers");
        });
    }

    public ValueTask DisposeAsync() => Proxy.DisposeAsync();
}
