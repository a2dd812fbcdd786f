using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Proxying.Changing;

/// <summary>A route that gets another name or place in the options, or is away for a moment, is still the same.</summary>
[TestFixture(1)]
[TestFixture(3)]
internal sealed class RenamedRouteTests(int loops) : ChangingFixture(loops)
{
    [Test]
    public async Task Upstream_that_is_taken_out_and_put_back_keeps_to_its_maximum()
    {
        RouteOptions both = Narrow("web", "127.0.0.1:0");
        both.Upstreams.Add(new() { Address = To(Second), MaxConnections = 1 });
        await Start(both);
        using Peer one = await Connect();
        using Peer two = await Connect();
        await Task.WhenAll(one.Echoes("1"), two.Echoes("2"));

        RouteOptions second = Route("web", Here, To(Second));
        second.Upstreams[0].MaxConnections = 1;
        await Proxy.ApplyAsync(Options(second));
        Assert.That(
            (await Upstreams()).Select(static upstream => (upstream.Address, upstream.State, upstream.Connections)),
            Is.EqualTo([(To(Second), UpstreamState.Up, 1), (To(First), UpstreamState.Draining, 1)]));
        both.Listen[0] = Here;
        await Proxy.ApplyAsync(Options(both));

        Assert.That((await Upstreams()).Select(static upstream => upstream.Connections), Is.EqualTo([1, 1]));
        await NextClientWaitsFor(one);
        Assert.That(First.Accepted + Second.Accepted, Is.EqualTo(3));
    }

    [Test]
    public async Task Renamed_route_keeps_to_the_maximum_of_its_upstreams()
    {
        await Start(Narrow("old", "127.0.0.1:0"));
        using Peer client = await Connect();
        await client.Echoes("hello");

        await Proxy.ApplyAsync(Options(Narrow("new", Here)));

        await NextClientWaitsFor(client);
    }

    [Test]
    public async Task Route_that_is_removed_and_comes_back_keeps_to_the_maximum_of_its_upstreams()
    {
        await Start(Narrow("web", "127.0.0.1:0"));
        string here = Here;
        using Peer client = await Connect();
        await client.Echoes("hello");

        await Proxy.ApplyAsync(Options(Route("other", "127.0.0.1:0", To(Second))));
        await Proxy.ApplyAsync(Options(Route("third", "127.0.0.1:0", To(Second))));
        await Proxy.ApplyAsync(Options(Narrow("web", here)));

        await NextClientWaitsFor(client);
        Assert.That((await Proxy.GetSnapshotAsync()).Routes.Single().Statistics.Accepted, Is.EqualTo(2));
    }

    [Test]
    public async Task Route_without_a_name_is_known_by_its_endpoint_when_another_is_put_before_it()
    {
        RouteOptions Unnamed(string listen, string upstream) => new() { Listen = { listen }, Upstreams = { new() { Address = upstream } } };
        using var folder = new TemporaryFolder();
        await Start(Unnamed("127.0.0.1:0", To(First)));
        string here = Here;
        using Peer client = await Connect();
        await client.Echoes("hello");

        TcpProxyOptions options = Options(Unnamed($"unix:{folder.FullName}/socket", To(Second)));
        options.Routes.Add(Unnamed(here, To(First)));
        await Proxy.ApplyAsync(options);

        ProxySnapshot snapshot = await Proxy.GetSnapshotAsync();
        Assert.That(
            snapshot.Routes.Select(static route => (route.Name, route.Statistics.Accepted, route.Statistics.Active)),
            Is.EqualTo([("route1", 0L, 0L), ("route2", 1L, 1L)]));
        Assert.That(snapshot.Routes.Select(static route => route.Upstreams.Single().Connections), Is.EqualTo([0, 1]));
    }

    private static RouteOptions WithMaximum(RouteOptions route)
    {
        route.Upstreams[0].MaxConnections = 1;
        return route;
    }

    private RouteOptions Narrow(string name, string listen) => WithMaximum(Route(name, listen, To(First)));

    private async Task<IReadOnlyList<UpstreamSnapshot>> Upstreams() => (await Proxy.GetSnapshotAsync()).Routes.Single().Upstreams;

    private async Task NextClientWaitsFor(Peer client)
    {
        using Peer next = await Connect();
        await Log.Saw("Queued");
        client.Reset();
        await next.Echoes("now there is a slot");
    }
}
