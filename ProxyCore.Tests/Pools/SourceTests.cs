using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Connections;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Pools;

/// <summary>Upstreams whose servers a user's own source finds while the proxy runs.</summary>
internal sealed class SourceTests
{
    private TestSource _source = null!;
    private EchoUpstream _first = null!;
    private EchoUpstream _second = null!;

    [SetUp]
    public void StartServers()
    {
        _source = new TestSource();
        _first = new EchoUpstream();
        _second = new EchoUpstream();
    }

    [TearDown]
    public async Task StopServers()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Test]
    public async Task Servers_that_a_source_finds_get_connections_by_their_weights()
    {
        _source.Finds(Target(_first, weight: 3), Target(_second, weight: 1));
        await using RunningProxy proxy = await Start();

        await proxy.Serves(8);

        Assert.That((_first.Accepted, _second.Accepted), Is.EqualTo((6, 2)));
    }

    [Test]
    public async Task Proxy_starts_without_an_answer_and_its_client_waits_for_the_first()
    {
        await using RunningProxy proxy = await Start();
        UpstreamSnapshot before = await Only(proxy);
        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("Resolving");

        _source.Finds(Target(_first));

        await client.Echoes("hello");
        Assert.That((before.Address, before.State, before.Name), Is.EqualTo(("test:db", UpstreamState.Unresolved, (string?)null)));
        Assert.That((await Only(proxy)).Name, Is.EqualTo("test:db"));
    }

    [Test]
    public async Task Server_that_stays_keeps_its_connections_and_what_was_set_by_hand_and_one_that_leaves_drains()
    {
        _source.Finds(Target(_first), Target(_second));
        await using RunningProxy proxy = await Start();
        await proxy.Log.Saw("ServersFound");
        using Peer one = await proxy.Connect();
        using Peer other = await proxy.Connect();
        await one.Echoes("hello");
        await other.Echoes("hello");
        await proxy.Proxy.SetUpstreamAsync(new UpstreamChange { Upstream = _first.Endpoint.ToString()!, Weight = 7 });

        _source.Finds(Target(_first, weight: 2));
        await proxy.Log.Saw("ServersFound", 2);
        ProxySnapshot snapshot = await proxy.Proxy.GetSnapshotAsync();

        Assert.That(
            snapshot.Routes[0].Upstreams.Select(static one => (one.Address, one.State, one.Connections, one.Weight)),
            Is.EqualTo([(_first.Endpoint.ToString(), UpstreamState.Up, 1, 7), (_second.Endpoint.ToString(), UpstreamState.Draining, 1, 1)]));
        await one.Echoes("still there");
        await other.Echoes("still there");
    }

    [Test]
    public async Task The_same_servers_in_another_order_are_no_change()
    {
        _source.Finds(Target(_first), Target(_second));
        _source.Finds(Target(_second), Target(_first));
        _source.Finds(Target(_first));
        await using RunningProxy proxy = await Start();

        await proxy.Log.Saw("ServersFound");
        await Until(proxy, "one server", static shard => shard.RouteSet.Pools.First().Members.Count == 1);

        Assert.That(proxy.Log.TextsOf("ServersFound").Last(), Does.EndWith($"{_second.Endpoint} is gone").Or.EndWith($"{_first.Endpoint} is new"));
        Assert.That(proxy.Log.CountOf("ServersFound"), Is.LessThanOrEqualTo(2));
    }

    [Test]
    public async Task Source_that_fails_is_asked_again_with_growing_pauses_and_its_last_list_stays()
    {
        _source.Finds(Target(_first));
        _source.Fails("no way");
        await using RunningProxy proxy = await Start();
        LogEntry failed = await proxy.Log.Saw("LookupFailed");
        int failures = 1;
        foreach (int pause in (int[])[1, 2, 4, 8, 16, 30, 30])
        {
            await Until(proxy, "the failure was noted", shard => proxy.Log.CountOf("LookupFailed") == failures);
            proxy.Clock!.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromMilliseconds(1));
            await proxy.OnLoop(static _ => true);
            Assert.That(_source.Watches, Is.EqualTo(failures), $"before {pause} s are over");
            _source.Fails("still not");
            proxy.Clock.Advance(TimeSpan.FromMilliseconds(1));
            await proxy.Log.Saw("LookupFailed", ++failures);
        }

        await proxy.Serves(1);
        Assert.That(failed.Text, Is.EqualTo("Route route1: look-up of test:db failed: no way; its last addresses stay in use"));
    }

    [Test]
    public async Task Source_that_ends_is_asked_again_after_the_interval()
    {
        _source.Finds(Target(_first));
        _source.Ends();
        await using RunningProxy proxy = await Start();
        await proxy.Log.Saw("ServersFound");
        await Until(proxy, "its end", _ => _source.Open == 0);
        await Until(proxy, "the timer", static shard => shard.Loop.TimersArmed > 0);

        _source.Finds(Target(_second));
        proxy.Clock!.Advance(TimeSpan.FromSeconds(30));

        await proxy.Log.Saw("ServersFound", 2);
        Assert.That(_source.Watches, Is.EqualTo(2));
        Assert.That(proxy.Log.CountOf("LookupFailed"), Is.Zero);
    }

    [Test]
    public async Task Without_servers_clients_are_refused_and_the_log_says_why()
    {
        _source.Finds(Target(_first));
        _source.Finds();
        await using RunningProxy proxy = await Start();
        LogEntry gone = await proxy.Log.Saw("NoServersFound");

        using Peer client = await proxy.Connect();
        await client.ReceivesReset();

        LogEntry refused = await proxy.Log.Saw("ConnectFailed");
        Assert.That(gone.Text, Is.EqualTo("Route route1: test:db has no server now"));
        Assert.That(refused.Text, Does.Contain("'test:db' has no server now"));
        Assert.That((await Only(proxy)).State, Is.EqualTo(UpstreamState.Unresolved));
    }

    [Test]
    public async Task Servers_with_a_higher_priority_stand_in_when_no_other_can_be_had()
    {
        using var refused = new RefusedEndpoint();
        _source.Finds(Target(_first, priority: 20), Target(refused.Endpoint, priority: 10));
        await using RunningProxy proxy = await Start();

        await proxy.Serves(3);
        ProxySnapshot snapshot = await proxy.Proxy.GetSnapshotAsync();

        Assert.That(_first.Accepted, Is.EqualTo(3));
        Assert.That(snapshot.Routes[0].Upstreams.Select(static one => (one.Address, one.PriorityGroup)), Is.EqualTo([(refused.Endpoint.ToString(), 0), (_first.Endpoint.ToString(), 1)]));
    }

    [Test]
    public async Task Server_that_can_not_be_used_is_left_out_with_a_warning()
    {
        _source.Finds(Target(_first), new UpstreamTarget { Host = "a b\u001b", Port = 1 }, new UpstreamTarget { Host = "192.0.2.1", Port = 0 });
        await using RunningProxy proxy = await Start();

        await proxy.Serves(1);

        Assert.That(
            proxy.Log.TextsOf("ServerLeftOut"),
            Is.EquivalentTo(
            [
                "Route route1: test:db: a server is left out: 'a b?:1' has neither an address nor a name before the port",
                "Route route1: test:db: a server is left out: '192.0.2.1:0' has port 0",
            ]));
    }

    [Test]
    public async Task Host_without_addresses_is_looked_up_and_one_without_any_is_unresolved()
    {
        var asked = new ConcurrentQueue<string>();
        int port = ((IPEndPoint)_first.Endpoint).Port;
        _source.Finds(new UpstreamTarget { Host = "a.test", Port = port }, new UpstreamTarget { Host = "b.test", Port = port, Addresses = [] });
        await using RunningProxy proxy = await RunningProxy.ToName(
            port,
            (name, _) =>
            {
                asked.Enqueue(name);
                return Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
            },
            new FakeTimeProvider(),
            static route => route.Upstreams[0].Address = "test:db",
            options => options.UpstreamSources["test"] = _source);

        await proxy.Serves(2);
        await proxy.Proxy.SetUpstreamAsync(new UpstreamChange { Upstream = $"b.test:{port}", State = UpstreamAdministration.Drain });
        ProxySnapshot snapshot = await proxy.Proxy.GetSnapshotAsync();

        Assert.That(asked, Is.EqualTo(["a.test"]));
        Assert.That(
            snapshot.Routes[0].Upstreams.Select(static one => (one.Address, one.State, one.Administration, one.Name)),
            Is.EqualTo(
            [
                ($"a.test:{port}", UpstreamState.Up, UpstreamAdministration.Ready, "test:db"),
                ($"b.test:{port}", UpstreamState.Unresolved, UpstreamAdministration.Drain, "test:db"),
            ]));
    }

    [Test]
    public async Task Watch_ends_with_the_proxy()
    {
        RunningProxy proxy = await Start();
        await Until(proxy, "the watch", _ => _source.Open == 1);

        await proxy.DisposeAsync();

        await Bound.Within("the end of the watch", async token =>
        {
            while (_source.Open > 0)
            {
                await Task.Delay(1, token);
            }

            return true;
        });
    }

    [Test]
    public async Task Reload_with_another_source_keeps_the_servers_until_it_answers()
    {
        var other = new TestSource();
        _source.Finds(Target(_first));
        await using RunningProxy proxy = await Start();
        await proxy.Serves(1);

        TcpProxyOptions options = proxy.Proxy.GetOptions();
        options.UpstreamSources["test"] = other;
        await proxy.Proxy.ApplyAsync(options);
        await proxy.Serves(1);
        other.Finds(Target(_second));
        await proxy.Log.Saw("ServersFound", 2);
        await proxy.Serves(1);

        Assert.That((_first.Accepted, _second.Accepted), Is.EqualTo((2, 1)));
        await Until(proxy, "the end of the first watch", _ => _source.Open == 0);
    }

    private static async Task Until(RunningProxy proxy, string what, Func<Shard, bool> holds)
    {
        using var timeout = new CancellationTokenSource(Bound.Wait);
        while (!await proxy.OnLoop(holds))
        {
            Assert.That(timeout.IsCancellationRequested, Is.False, $"in vain: {what}");
        }
    }

    private static async Task<UpstreamSnapshot> Only(RunningProxy proxy) => (await proxy.Proxy.GetSnapshotAsync()).Routes[0].Upstreams.Single();

    private static UpstreamTarget Target(EchoUpstream server, int weight = 1, int priority = 0) => Target(server.Endpoint, weight, priority);

    private static UpstreamTarget Target(EndPoint server, int weight = 1, int priority = 0) => new()
    {
        Host = ((IPEndPoint)server).Address.ToString(),
        Port = ((IPEndPoint)server).Port,
        Weight = weight,
        Priority = priority,
    };

    private Task<RunningProxy> Start() => RunningProxy.OnFakeClock(
        _first.Endpoint, static route => route.Upstreams[0].Address = "test:db", options => options.UpstreamSources["test"] = _source);
}
