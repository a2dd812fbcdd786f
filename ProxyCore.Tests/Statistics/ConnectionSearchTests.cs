using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections;
using ProxyCore.Connections.Listening;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Statistics;

/// <summary>Open connections are found by what they are, page by page, and ended together.</summary>
internal sealed class ConnectionSearchTests
{
    private EchoUpstream _upstream = null!;

    [SetUp]
    public void StartUpstream() => _upstream = new EchoUpstream();

    [TearDown]
    public async Task StopUpstream() => await _upstream.DisposeAsync();

    [Test]
    public async Task Pages_have_every_connection_once_though_others_come_and_go()
    {
        await using RunningProxy proxy = await RunningProxy.OnLoops(2, ClientSpread.HandOver, _upstream.Endpoint);
        using Crowd crowd = await Crowd.OfEchoes(proxy.Endpoint, 7);
        using Peer gone = await proxy.Connect();
        await gone.Echoes("hello");

        ConnectionPage first = await Find(proxy, new ConnectionFilter(), after: 0, most: 3);
        gone.Reset();
        await proxy.Ended();
        using Peer late = await proxy.Connect();
        await late.Echoes("hello");
        ConnectionPage second = await Find(proxy, new ConnectionFilter(), first.Next!.Value, most: 3);
        ConnectionPage third = await Find(proxy, new ConnectionFilter(), second.Next!.Value, most: 3);

        Assert.That(
            new[] { first, second, third }.Select(Ids), Is.EqualTo((long[][])[[1, 2, 3], [4, 5, 6], [7, 9]]));
        Assert.That((first.Matching, third.Matching, third.Next), Is.EqualTo((8, 8, (long?)null)));
    }

    [Test]
    public async Task Page_that_is_full_and_the_last_says_so()
    {
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint);
        using Crowd crowd = await Crowd.OfEchoes(proxy.Endpoint, 3);

        ConnectionPage page = await Find(proxy, new ConnectionFilter(), after: 0, most: 3);

        Assert.That((page.Connections.Count, page.Next), Is.EqualTo((3, (long?)null)));
    }

    [Test]
    public async Task Each_part_of_a_filter_must_apply()
    {
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint, static route => route.Name = "web");
        using Peer client = await proxy.Connect();
        await client.Echoes("hello");
        string upstream = _upstream.Endpoint.ToString()!;

        Assert.That(await Count(proxy, new ConnectionFilter()), Is.EqualTo(1));
        Assert.That(
            await Count(proxy, new ConnectionFilter { Route = "web", Upstream = upstream, Client = "127.0.0.0/8", Phase = ConnectionPhase.Relaying }),
            Is.EqualTo(1));
        foreach (ConnectionFilter other in (ConnectionFilter[])
        [
            new() { Route = "web2", Upstream = upstream }, new() { Route = "web", Upstream = "127.0.0.1:1" },
            new() { Route = "web", Client = "127.0.0.2" }, new() { Route = "web", Phase = ConnectionPhase.Queued },
        ])
        {
            Assert.That(await Count(proxy, other), Is.Zero, $"{other}");
        }
    }

    [Test]
    public async Task Client_that_waits_is_found_by_its_phase()
    {
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint, static route => route.Upstreams[0].MaxConnections = 1);
        using Peer served = await proxy.Connect();
        await served.Echoes("hello");
        using Peer waiting = await proxy.Connect();
        await proxy.Log.Saw("Queued");

        ConnectionPage page = await Find(proxy, new ConnectionFilter { Phase = ConnectionPhase.Queued });

        Assert.That(Ids(page), Is.EqualTo((long[])[2]));
        Assert.That(page.Connections[0].Report.Upstream, Is.Null);
    }

    [Test]
    public async Task Those_of_one_client_end_together_and_no_others()
    {
        await using RunningProxy proxy = await RunningProxy.OnLoops(2, ClientSpread.HandOver, _upstream.Endpoint);
        using Crowd crowd = await Crowd.OfEchoes(proxy.Endpoint, 100);
        using Peer other = await ConnectFrom("127.0.0.2", proxy);
        await other.Echoes("hello");

        int ended = await proxy.Proxy.EndConnectionsAsync(new ConnectionFilter { Client = "127.0.0.1" }).WaitAsync(Bound.Wait);

        Assert.That(ended, Is.EqualTo(100));
        await crowd.ReceiveResets();
        await other.Echoes("still there");
        Assert.That(proxy.Proxy.GetStatistics().Ended[EndReason.Operator], Is.EqualTo(100));
    }

    [Test]
    public async Task Loop_serves_others_between_two_parts_of_a_walk()
    {
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint);
        using Crowd crowd = await Crowd.OfEchoes(proxy.Endpoint, 5);
        var turns = new List<long>();

        await proxy.Proxy.Shards[0].WalkAsync(atATime: 2, _ => turns.Add(proxy.Proxy.Shards[0].Loop.Turns)).WaitAsync(Bound.Wait);

        Assert.That(turns.Distinct().Count(), Is.EqualTo(3), "two, two and one");
    }

    [Test]
    public async Task Everything_is_no_filter_for_an_end()
    {
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint);

        Assert.That(() => proxy.Proxy.EndConnectionsAsync(new ConnectionFilter()), Throws.ArgumentException);
        Assert.That(
            () => proxy.Proxy.FindConnectionsAsync(new ConnectionFilter { Client = "10.0.0" }),
            Throws.ArgumentException.With.Message.StartsWith("'10.0.0' is neither an address"));
        Assert.That(() => proxy.Proxy.FindConnectionsAsync(most: 0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task Proxy_that_has_stopped_has_none()
    {
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint);
        await proxy.Proxy.StopAsync();

        Assert.That((await Find(proxy, new ConnectionFilter())).Connections, Is.Empty);
        Assert.That(
            await proxy.Proxy.EndConnectionsAsync(new ConnectionFilter { Client = "127.0.0.1" }).WaitAsync(Bound.Wait), Is.Zero);
    }

    private static async Task<Peer> ConnectFrom(string address, RunningProxy proxy)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        await Bound.Within("connect", async token =>
        {
            await socket.ConnectAsync(proxy.Endpoint, token);
            return true;
        });
        return new Peer(socket);
    }

    private static long[] Ids(ConnectionPage page) => [.. page.Connections.Select(static one => one.Report.Id)];

    private static async Task<int> Count(RunningProxy proxy, ConnectionFilter filter) => (await Find(proxy, filter)).Matching;

    private static Task<ConnectionPage> Find(RunningProxy proxy, ConnectionFilter filter, long after = 0, int most = 100) =>
        proxy.Proxy.FindConnectionsAsync(filter, after, most).WaitAsync(Bound.Wait);
}
