using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using ProxyCore.Connections;
using ProxyCore.Connections.Counting;
using ProxyCore.Connections.Faults;
using ProxyCore.Connections.Limiting;
using ProxyCore.Settings;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Statistics;

/// <summary>The counters of routes that were renamed or removed.</summary>
internal sealed class RemovedRouteTests
{
    [Test]
    public async Task Renamed_route_still_counts_its_old_connections_under_its_old_name()
    {
        await using var upstream = new EchoUpstream();
        string before = $"before {Guid.NewGuid()}";
        string after = $"after {Guid.NewGuid()}";
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, route => route.Name = before);
        using Peer client = await proxy.Connect();
        await client.Echoes("hello");

        await proxy.Proxy.ApplyAsync(Options(after, proxy.Endpoint.ToString()!, upstream));
        using Peer other = await proxy.Connect();
        await other.Echoes("hello");
        Dictionary<string, long> whileOpen = Read("proxycore.active_connections", before, after);
        Dictionary<string, long> ofUpstream = Read("proxycore.upstream.active_connections", before, after);
        client.Reset();
        await proxy.Ended();

        Assert.That(whileOpen, Is.EqualTo(new Dictionary<string, long> { [before] = 1, [after] = 1 }));
        Assert.That(ofUpstream, Is.EqualTo(new Dictionary<string, long> { [after] = 2 }), "the upstream is the same");
        Assert.That(Read("proxycore.active_connections", before, after), Is.EqualTo(new Dictionary<string, long> { [before] = 0, [after] = 1 }));
        Assert.That(Read("proxycore.ended_connections", before, after), Is.EqualTo(new Dictionary<string, long> { [before] = 1, [after] = 0 }));
        Assert.That(Read("proxycore.accepted_connections", before, after), Is.EqualTo(new Dictionary<string, long> { [before] = 1, [after] = 1 }));
    }

    [Test]
    public async Task Removed_route_counts_on_and_goes_on_from_there_when_it_comes_back()
    {
        await using var upstream = new EchoUpstream();
        string name = $"route {Guid.NewGuid()}";
        string other = $"other {Guid.NewGuid()}";
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, route => route.Name = name);
        using Peer client = await proxy.Connect();
        await client.Echoes("hello");

        await proxy.Proxy.ApplyAsync(Options(other, "127.0.0.1:0", upstream));
        long whileOpen = Read("proxycore.active_connections", name)[name];
        long ofUpstream = Read("proxycore.upstream.active_connections", name)[name];
        client.Reset();
        await proxy.Ended();
        long ended = Read("proxycore.ended_connections", name)[name];
        await proxy.Proxy.ApplyAsync(Options(name, "127.0.0.1:0", upstream));
        using Peer next = await proxy.Connect();
        await next.Echoes("hello");

        Assert.That((whileOpen, ofUpstream, ended), Is.EqualTo((1L, 1L, 1L)));
        Assert.That(Read("proxycore.accepted_connections", name)[name], Is.EqualTo(2));
        Assert.That(Read("proxycore.ended_connections", name)[name], Is.EqualTo(1));
    }

    [Test]
    public void Route_without_a_name_is_counted_on_as_removed()
    {
        var counters = new ProxyCounters(loops: 1);
        Route first = Route("route1", isNamed: false, accepted: 3, ended: 2);
        counters.Use([first]);

        Route second = Route("route1", isNamed: false, accepted: 0, ended: 0);
        counters.Use([second]);

        Assert.That(
            counters.ReadRoutes().Select(static route => (route.Key, route.Value.Accepted, route.Value.Active)),
            Is.EquivalentTo([("route1", 0L, 0L), ("(removed)", 3L, 1L)]));
    }

    [Test]
    public void Only_so_many_removed_routes_keep_their_names_and_no_figure_is_lost()
    {
        const int Routes = 1000;
        var counters = new ProxyCounters(loops: 1);
        for (int i = 0; i < Routes; i++)
        {
            counters.Use([Route($"name{i}", isNamed: true, accepted: 2, ended: i == 0 ? 1 : 2)]);
        }

        counters.Use([]);
        IReadOnlyDictionary<string, TrafficSum> routes = counters.ReadRoutes();

        Assert.That(routes, Has.Count.LessThanOrEqualTo(ProxyCounters.MostRemoved + 3));
        Assert.That(routes, Does.ContainKey("name0"), "it has a connection");
        Assert.That(routes, Does.ContainKey($"name{Routes - 1}"), "it was removed last");
        Assert.That(routes.Values.Sum(static sum => sum.Accepted), Is.EqualTo(2 * Routes));
        Assert.That(routes.Values.Sum(static sum => sum.Active), Is.EqualTo(1));
        Assert.That(counters.Read().Accepted, Is.EqualTo(2 * Routes));
    }

    private static TcpProxyOptions Options(string name, string listen, EchoUpstream upstream) => new()
    {
        Routes = { new RouteOptions { Name = name, Listen = { listen }, Upstreams = { new() { Address = $"{upstream.Endpoint}" } } } },
    };

    private static Route Route(string name, bool isNamed, int accepted, int ended)
    {
        var counters = new RouteCounters(loops: 1);
        for (int i = 0; i < accepted; i++)
        {
            counters[0].CountAccepted();
        }

        for (int i = 0; i < ended; i++)
        {
            counters[0].CountEnded(EndReason.ClientFin);
        }

        var settings = new RouteSettings(
            name, [], null!, TimeSpan.Zero, 1, TimeSpan.Zero, TimeSpan.Zero, 1, NoDelay: true, KeepAlive: null, Access: null)
        {
            IsNamed = isNamed,
        };
        return new Route(settings, null!, counters) { Gate = new ClientGate(), Toxics = new RouteToxics(TimeProvider.System, NullLogger.Instance) };
    }

    /// <summary>The sums of a figure, by route.</summary>
    private static Dictionary<string, long> Read(string instrument, params string[] routes)
    {
        var sums = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (published, self) =>
        {
            if (published.Meter.Name == "ProxyCore" && published.Name == instrument)
            {
                self.EnableMeasurementEvents(published);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            foreach ((string key, object? tag) in tags)
            {
                if (key == "proxycore.route" && routes.Contains((string?)tag))
                {
                    sums[(string)tag!] = sums.GetValueOrDefault((string)tag!) + value;
                }
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return sums;
    }
}
