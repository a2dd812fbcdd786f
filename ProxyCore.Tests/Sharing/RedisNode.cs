using System.Diagnostics;
using ProxyCore.Cli.Shared;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Sharing;

/// <summary>One of several proxies that share what is set by hand in Redis, which it reaches through a proxy of its own.</summary>
internal sealed class RedisNode : IAsyncDisposable
{
    private readonly RunningProxy _proxy;
    private readonly RunningProxy _way;
    private readonly RedisState _state;
    private readonly List<ActiveToxic> _cuts = [];

    private RedisNode(RunningProxy proxy, RunningProxy way, RedisState state)
    {
        _proxy = proxy;
        _way = way;
        _state = state;
    }

    internal TcpProxy Proxy => _proxy.Proxy;

    internal RecordedLog Log => _proxy.Log;

    internal static async Task<RedisNode> StartAsync(
        RedisServer redis, Action<RedisOptions>? configure = null, Action<ListenOptions>? listen = null)
    {
        RunningProxy way = await RunningProxy.To(new System.Net.Sockets.UnixDomainSocketEndPoint(redis.Endpoint["unix:".Length..]), route =>
        {
            var endpoint = new ListenOptions("127.0.0.1:0");
            listen?.Invoke(endpoint);
            route.Listen.Add(endpoint);
        });
        var options = new SharedOptions { Redis = new RedisOptions { Endpoints = { $"{way.Endpoint}" } } };
        configure?.Invoke(options.Redis);
        var errors = new Settings.ValidationErrors();
        var state = new RedisState(RedisSettings.Read(options, errors)!);
        RunningProxy proxy = await RunningProxy.To(
            new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 9), static route => route.Name = "web");
        var node = new RedisNode(proxy, way, state);
        await Bound.Within("the first reading", proxy.Proxy.ShareAsync(state));
        return node;
    }

    /// <summary>Nothing comes through between it and Redis any more, in either direction; connections stay open.</summary>
    internal async Task CutOffAsync()
    {
        foreach (ToxicDirection direction in Enum.GetValues<ToxicDirection>())
        {
            _cuts.Add(await _way.Proxy.AddToxicAsync(new StallToxic { Stream = direction }));
        }
    }

    internal async Task JoinAsync()
    {
        foreach (ActiveToxic cut in _cuts)
        {
            await cut.DisposeAsync();
        }

        _cuts.Clear();
    }

    /// <summary>All that is set by hand on it, but for the times.</summary>
    internal async Task<string> StateAsync()
    {
        ProxySnapshot snapshot = await Proxy.GetSnapshotAsync(0);
        UpstreamSnapshot upstream = snapshot.Routes[0].Upstreams[0];
        string denied = string.Join(' ', snapshot.Denied.Select(static one => one.Address).Order(StringComparer.Ordinal));
        return $"{denied} | {upstream.Administration} {upstream.ConfiguredWeight is not null} {upstream.Weight}";
    }

    internal async Task<SharedStateStatus> StatusAsync() => (await Proxy.GetSnapshotAsync(0)).SharedState!;

    /// <summary>Waits until something holds; returns how long that took.</summary>
    internal static async Task<TimeSpan> UntilAsync(string what, Func<Task<bool>> holds)
    {
        var watch = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.That(watch.Elapsed, Is.LessThan(Bound.Wait), $"in vain: {what}");
            await Task.Delay(10);
        }

        return watch.Elapsed;
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await _way.DisposeAsync();
        await _state.DisposeAsync();
    }
}
