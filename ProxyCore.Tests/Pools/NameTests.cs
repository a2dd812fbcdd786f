using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Pools;

/// <summary>Names whose addresses change, with the test as their DNS.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class NameTests(Parking parking) : ParkingFixture(parking)
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(30);

    private IPAddress[] _answer = [];
    private int _lookups;

    [Test]
    public async Task Each_address_is_an_upstream_of_its_own_if_that_is_wanted()
    {
        await using Farm farm = new(3);
        await using RunningProxy proxy = await EachAddress(farm, 1, 2, 3);

        await Serve(proxy, clients: 9);

        Assert.That(farm.Accepted, Is.EqualTo([3, 3, 3]));
    }

    [Test]
    public async Task Otherwise_the_addresses_are_tried_in_turn()
    {
        await using Farm farm = new(3);
        await using RunningProxy proxy = await EachAddress(farm, route => route.Upstreams[0].EachAddress = false, 1, 2, 3);

        await Serve(proxy, clients: 9);

        Assert.That(farm.Accepted, Is.EqualTo([9, 0, 0]));
    }

    [Test]
    public async Task New_address_gets_connections_and_a_removed_one_drains()
    {
        await using Farm farm = new(3);
        await using RunningProxy proxy = await EachAddress(farm, 1, 2);
        using Peer first = await proxy.Connect();
        using Peer second = await proxy.Connect();
        await first.Echoes("hello");
        await second.Echoes("hello");

        await ChangeTo(proxy, 2, 3);
        await Serve(proxy, clients: 10);

        Assert.That(farm.Accepted, Is.EqualTo([1, 6, 5]));
        await first.Echoes("still there");
        await second.Echoes("still there");
    }

    [Test]
    public async Task Connections_of_an_address_that_goes_and_comes_back_are_not_counted_twice()
    {
        await using Farm farm = new(1);
        await using RunningProxy proxy = await EachAddress(farm, 1);
        using (Peer client = await proxy.Connect())
        {
            await client.Echoes("hello");
            await ChangeTo(proxy, 9);
            await ChangeTo(proxy, 1);
        }

        await proxy.Ended();

        Assert.That(await proxy.OnLoop(static shard => shard.RouteSet.Pools.First().Members.Single().Upstream.Connections), Is.Zero);
    }

    [Test]
    public async Task Failed_look_up_keeps_the_last_good_answer()
    {
        await using Farm farm = new(1);
        await using RunningProxy proxy = await EachAddress(farm, 1);
        await Serve(proxy, clients: 1);

        _answer = [];
        proxy.Clock!.Advance(_interval);
        await proxy.Log.Saw("LookupFailed");

        await Serve(proxy, clients: 1);
    }

    [Test]
    public async Task Name_that_does_not_resolve_has_a_row_of_its_own()
    {
        await using Farm farm = new(1);
        await using RunningProxy proxy = await EachAddress(farm);
        await proxy.Log.Saw("LookupFailed");

        ProxySnapshot unresolved = await proxy.Proxy.GetSnapshotAsync();
        _answer = [Farm.Address(1)];
        proxy.Clock!.Advance(_interval);
        await proxy.Log.Saw("LookupWorksAgain");
        await proxy.OnLoop(static _ => true);
        ProxySnapshot resolved = await proxy.Proxy.GetSnapshotAsync();

        Assert.That(
            unresolved.Routes[0].Upstreams.Select(static upstream => (upstream.Address, upstream.State, upstream.Connections)),
            Is.EqualTo([($"upstream.test:{farm.Port}", UpstreamState.Unresolved, 0)]));
        Assert.That(
            resolved.Routes[0].Upstreams.Select(static upstream => (upstream.Address, upstream.State)),
            Is.EqualTo([($"{Farm.Address(1)}:{farm.Port}", UpstreamState.Up)]));
    }

    [Test]
    public async Task Name_that_does_not_resolve_is_one_warning_and_one_line_when_it_does_again()
    {
        await using Farm farm = new(1);
        await using RunningProxy proxy = await EachAddress(farm);
        for (int failure = 1; failure <= 3; failure++)
        {
            await proxy.Log.Saw("LookupFailed", failure);
            proxy.Clock!.Advance(_interval);
        }

        await proxy.Log.Saw("LookupFailed", 4);
        _answer = [Farm.Address(1)];
        proxy.Clock!.Advance(_interval);
        await proxy.Log.Saw("LookupWorksAgain");
        _answer = [];
        proxy.Clock.Advance(_interval);
        await proxy.Log.Saw("LookupFailed", 5);

        string name = $"Route route1: look-up of upstream.test:{farm.Port}";
        Assert.That(
            proxy.Log.Entries.Where(static entry => entry.Level >= LogLevel.Information && entry.Name!.StartsWith("Lookup", StringComparison.Ordinal))
                .Select(static entry => (entry.Level, entry.Text)),
            Is.EqualTo(
            [
                (LogLevel.Warning, $"{name} failed: name not found; it gets no connections until it is resolved"),
                (LogLevel.Information, $"{name} works again"),
                (LogLevel.Warning, $"{name} failed: name not found; its last addresses stay in use"),
            ]));
    }

    [Test]
    public async Task Address_that_leaves_and_comes_back_keeps_to_its_maximum()
    {
        await using Farm farm = new(1);
        await using RunningProxy proxy = await EachAddress(farm, static route => route.Upstreams[0].MaxConnections = 1, 1);
        using Peer first = await proxy.Connect();
        await first.Echoes("hello");

        await ChangeTo(proxy, 9);
        await ChangeTo(proxy, 1);
        using Peer second = await proxy.Connect();
        await proxy.Log.Saw("Queued");
        Assert.That(farm.Accepted, Is.EqualTo([1]));
        first.Reset();

        await second.Echoes("now it has a place");
    }

    [Test]
    public async Task Name_is_looked_up_again_and_again_without_clients()
    {
        await using Farm farm = new(1);
        await using RunningProxy proxy = await EachAddress(farm, 1);
        await HasLookedUp(proxy, 1);

        proxy.Clock!.Advance(_interval - TimeSpan.FromSeconds(1));
        await proxy.OnLoop(static _ => true);
        Assert.That(_lookups, Is.EqualTo(1));
        proxy.Clock.Advance(TimeSpan.FromSeconds(1));

        await HasLookedUp(proxy, 2);
    }

    [Test]
    public async Task Client_does_not_wait_for_a_look_up_while_an_answer_is_known()
    {
        await using Farm farm = new(1);
        var hangs = new TaskCompletionSource<IPAddress[]>();
        Task<IPAddress[]> next = Task.FromResult<IPAddress[]>([Farm.Address(1)]);
        await using RunningProxy proxy = await RunningProxy.ToName(
            farm.Port,
            (_, _) =>
            {
                Interlocked.Increment(ref _lookups);
                return next;
            },
            new FakeTimeProvider());
        await Serve(proxy, clients: 1);

        next = hangs.Task;
        proxy.Clock!.Advance(_interval);
        await HasLookedUp(proxy, 2);

        await Serve(proxy, clients: 1);
    }

    [Test]
    public async Task Two_names_with_an_address_in_common_have_it_once()
    {
        await using Farm farm = new(1);
        await using RunningProxy proxy = await EachAddress(
            farm, route => route.Upstreams.Add(new() { Address = $"also.test:{farm.Port}", EachAddress = true }), 1);
        await Serve(proxy, clients: 2);

        Assert.That(await proxy.OnLoop(static shard => shard.RouteSet.Pools.First().Members.Count), Is.EqualTo(1));
    }

    [Test]
    public async Task Two_upstreams_of_one_name_share_its_look_up()
    {
        await using Farm farm = new(1);
        int lookups = 0;
        var silent = new TaskCompletionSource<IPAddress[]>();
        await using RunningProxy proxy = await RunningProxy.ToName(
            farm.Port,
            (_, _) =>
            {
                Interlocked.Increment(ref lookups);
                return silent.Task;
            },
            new FakeTimeProvider(),
            route => route.Upstreams.Add(new() { Address = $"UPSTREAM.test:{farm.Port + 1}" }));
        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("Resolving");

        silent.SetResult([Farm.Address(1)]);
        await client.Echoes("hello");

        Assert.That(lookups, Is.EqualTo(1));
    }

    private Task<RunningProxy> EachAddress(Farm farm, params int[] answer) => EachAddress(farm, static _ => { }, answer);

    private async Task<RunningProxy> EachAddress(Farm farm, Action<RouteOptions> configure, params int[] answer)
    {
        _lookups = 0;
        _answer = [.. answer.Select(Farm.Address)];
        RunningProxy proxy = await RunningProxy.ToName(farm.Port, LookUp, new FakeTimeProvider(), route =>
        {
            route.Upstreams[0].EachAddress = true;
            configure(route);
        });
        return proxy;
    }

    private Task<IPAddress[]> LookUp(string name, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _lookups);
        return Task.FromResult(_answer);
    }

    private async Task ChangeTo(RunningProxy proxy, params int[] answer)
    {
        _answer = [.. answer.Select(Farm.Address)];
        string[] wanted = [.. _answer.Select(static address => address.ToString()).Order()];
        proxy.Clock!.Advance(_interval);
        await Until(proxy, "the new addresses", shard =>
            shard.RouteSet.Pools.First().Members.Select(static member => member.Address.Split(':')[0]).Order().SequenceEqual(wanted));
    }

    private Task HasLookedUp(RunningProxy proxy, int times) => Until(proxy, $"{times} look-ups", _ => Volatile.Read(ref _lookups) >= times);

    private static async Task Until(RunningProxy proxy, string what, Func<ProxyCore.Connections.Shard, bool> holds)
    {
        using var timeout = new CancellationTokenSource(Bound.Wait);
        while (!await proxy.OnLoop(holds))
        {
            Assert.That(timeout.IsCancellationRequested, Is.False, $"in vain: {what}");
        }
    }

    private static async Task Serve(RunningProxy proxy, int clients)
    {
        for (int i = 0; i < clients; i++)
        {
            using Peer client = await proxy.Connect();
            await client.Echoes("hello");
        }
    }

    /// <summary>Echo servers on one port of 127.0.1.1, 127.0.1.2, …</summary>
    private sealed class Farm : IAsyncDisposable
    {
        private readonly List<EchoUpstream> _upstreams = [];

        internal Farm(int count)
        {
            for (int i = 1; i <= count; i++)
            {
                _upstreams.Add(new EchoUpstream(new IPEndPoint(Address(i), i == 1 ? 0 : Port)));
            }
        }

        internal int Port => ((IPEndPoint)_upstreams[0].Endpoint).Port;

        internal IEnumerable<int> Accepted => _upstreams.Select(static upstream => upstream.Accepted);

        internal static IPAddress Address(int number) => IPAddress.Parse($"127.0.1.{number}");

        public async ValueTask DisposeAsync()
        {
            foreach (EchoUpstream upstream in _upstreams)
            {
                await upstream.DisposeAsync();
            }
        }
    }
}
