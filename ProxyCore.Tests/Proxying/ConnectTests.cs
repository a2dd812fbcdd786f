using System.Net;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>An upstream that can't be connected to costs its own client the connection, and nobody else anything.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class ConnectTests(Parking parking) : ParkingFixture(parking)
{
    [Test]
    public async Task Refused_upstream_resets_the_client()
    {
        using var refused = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.To(refused.Endpoint, Once);

        using Peer client = await proxy.Connect();

        await client.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ConnectRefused));
        LogEntry warning = await proxy.Log.Saw("ConnectFailed");
        Assert.That(warning.Text, Is.EqualTo($"Connection 1: no connection to {refused.Endpoint}: connection refused"));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Unreachable_upstream_resets_the_client()
    {
        // A broadcast address: the system refuses at once to connect there, and nothing is sent.
        await using RunningProxy proxy = await RunningProxy.To(new IPEndPoint(IPAddress.Parse("127.255.255.255"), 9), Once);

        using Peer client = await proxy.Connect();

        await client.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ConnectFailed));
        Assert.That((await proxy.Log.Saw("ConnectFailed")).Text, Does.EndWith("network unreachable"));
    }

    [Test]
    public async Task Missing_unix_upstream_resets_the_client()
    {
        await using RunningProxy proxy = await RunningProxy.To(
            new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())), Once);

        using Peer client = await proxy.Connect();

        await client.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ConnectFailed));
    }

    [Test]
    public async Task Black_holed_upstream_ends_with_the_connect_timeout_and_harms_no_one()
    {
        using var hole = new BlackHole();
        await using var upstream = new EchoUpstream();
        var clock = new FakeTimeProvider();
        var log = new RecordedLog(Microsoft.Extensions.Logging.LogLevel.Debug);
        await using var proxy = new TcpProxy(
            new TcpProxyOptions
            {
                Routes =
                {
                    new RouteOptions { Listen = { "127.0.0.1:0" }, Upstreams = { new() { Address = hole.Endpoint.ToString()! } } },
                    new RouteOptions { Listen = { "127.0.0.1:0" }, Upstreams = { new() { Address = upstream.Endpoint.ToString()! } } },
                },
            },
            log,
            clock);
        await proxy.StartAsync();

        using Peer victim = await Peer.Connect(proxy.Endpoints[0]);
        await log.Saw("Connecting");
        using Peer other = await Peer.Connect(proxy.Endpoints[1]);
        await other.Echoes("hello");

        clock.Advance(TimeSpan.FromSeconds(4.9));
        await other.Echoes("still");
        Assert.That(log.CountOf("Ended"), Is.Zero);

        clock.Advance(TimeSpan.FromSeconds(0.1));
        await victim.ReceivesReset();
        await log.Saw("Ended");
        Assert.That(proxy.GetStatistics().Ended[EndReason.ConnectTimeout], Is.EqualTo(1));
        await other.Echoes("there");
    }

    [Test]
    public async Task Bytes_and_fin_sent_while_connecting_reach_the_upstream()
    {
        await using var upstream = new EchoUpstream();
        var answer = new TaskCompletionSource<IPAddress[]>();
        await using RunningProxy proxy = await RunningProxy.ToName(PortOf(upstream.Endpoint), (_, _) => answer.Task);

        using Peer client = await proxy.Connect();
        await client.Send("early");
        client.Fin();
        await proxy.Log.Saw("Resolving");
        answer.SetResult([IPAddress.Loopback]);

        Assert.That(System.Text.Encoding.UTF8.GetString(await client.ReceiveToEnd()), Is.EqualTo("early"));
    }

    [Test]
    public async Task Every_address_of_a_name_is_tried_in_turn()
    {
        await using var upstream = new EchoUpstream(new IPEndPoint(IPAddress.Parse("127.0.0.3"), 0));
        await using RunningProxy proxy = await RunningProxy.ToName(
            PortOf(upstream.Endpoint), (_, _) => Task.FromResult(Addresses("127.255.255.255", "127.0.0.2", "127.0.0.3")));

        using Peer client = await proxy.Connect();
        await client.Echoes("hello");
        Assert.That(proxy.Log.CountOf("Connecting"), Is.EqualTo(3));
    }

    [Test]
    public async Task An_address_that_does_not_answer_takes_only_its_share_of_the_connect_timeout()
    {
        using var hole = new BlackHole(IPAddress.Parse("127.0.0.2"));
        await using var upstream = new EchoUpstream(new IPEndPoint(IPAddress.Loopback, PortOf(hole.Endpoint)));
        var clock = new FakeTimeProvider();
        await using RunningProxy proxy = await RunningProxy.ToName(
            PortOf(hole.Endpoint), (_, _) => Task.FromResult(Addresses("127.0.0.2", "127.0.0.1")), clock);

        using Peer client = await proxy.Connect();
        await client.Send("hello");
        await proxy.Log.Saw("Connecting");
        clock.Advance(TimeSpan.FromSeconds(2.5));

        Assert.That(await client.ReceiveText(5), Is.EqualTo("hello"));
    }

    [Test]
    public async Task Name_that_can_not_be_resolved_resets_the_client()
    {
        await using RunningProxy proxy = await RunningProxy.ToName(
            9, (_, _) => throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound));

        using Peer client = await proxy.Connect();

        await client.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ResolveFailed));
        Assert.That((await proxy.Log.Saw("ConnectFailed")).Text, Does.EndWith("upstream.test:9: name not found"));
        await proxy.HoldsNothing(names: 1);
    }

    [Test]
    public async Task Name_without_addresses_resets_the_client()
    {
        await using RunningProxy proxy = await RunningProxy.ToName(9, static (_, _) => Task.FromResult<IPAddress[]>([]));

        using Peer client = await proxy.Connect();

        await client.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ResolveFailed));
    }

    [Test]
    public async Task Look_up_that_hangs_ends_with_the_connect_timeout()
    {
        var clock = new FakeTimeProvider();
        await using RunningProxy proxy = await RunningProxy.ToName(
            9, static (_, _) => new TaskCompletionSource<IPAddress[]>().Task, clock);

        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("Resolving");
        clock.Advance(TimeSpan.FromSeconds(5));

        await client.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ConnectTimeout));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Connections_share_a_look_up_and_its_answer_until_it_is_old()
    {
        await using var upstream = new EchoUpstream();
        var clock = new FakeTimeProvider();
        int lookups = 0;
        var answer = new TaskCompletionSource<IPAddress[]>();
        await using RunningProxy proxy = await RunningProxy.ToName(
            PortOf(upstream.Endpoint), (_, _) => Interlocked.Increment(ref lookups) == 1 ? answer.Task : Addresses(), clock);
        using Peer first = await proxy.Connect();
        using Peer second = await proxy.Connect();
        await proxy.Log.Saw("Resolving", 2);
        answer.SetResult([IPAddress.Loopback]);
        await proxy.Log.Saw("Relaying", 2);
        using Peer third = await proxy.Connect();
        await proxy.Log.Saw("Relaying", 3);
        Assert.That(lookups, Is.EqualTo(1));

        clock.Advance(TimeSpan.FromSeconds(30));

        Assert.That(() => Volatile.Read(ref lookups), Is.EqualTo(2).After(20_000, 1), "an old answer is asked for again");
        return;

        static Task<IPAddress[]> Addresses() => Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
    }

    [Test]
    public async Task Look_up_that_fails_keeps_the_last_good_answer()
    {
        await using var upstream = new EchoUpstream();
        var clock = new FakeTimeProvider();
        bool fails = false;
        await using RunningProxy proxy = await RunningProxy.ToName(
            PortOf(upstream.Endpoint),
            (_, _) => fails ? throw new InvalidOperationException("no DNS") : Task.FromResult<IPAddress[]>([IPAddress.Loopback]),
            clock);
        using Peer first = await proxy.Connect();
        await proxy.Log.Saw("Relaying");

        fails = true;
        clock.Advance(TimeSpan.FromSeconds(31));
        using Peer second = await proxy.Connect();
        await second.Echoes("hello");
    }

    [Test]
    public async Task Answer_whose_addresses_all_fail_is_asked_for_again()
    {
        using var refused = new RefusedEndpoint();
        int lookups = 0;
        var clock = new FakeTimeProvider();
        await using RunningProxy proxy = await RunningProxy.ToName(
            PortOf(refused.Endpoint),
            (_, _) =>
            {
                Interlocked.Increment(ref lookups);
                return Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
            },
            clock,
            Once);
        for (int i = 1; i <= 5; i++)
        {
            using Peer client = await proxy.Connect();
            await client.ReceivesReset();
        }

        Assert.That(lookups, Is.EqualTo(1), "but not once for each client");
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That(() => Volatile.Read(ref lookups), Is.EqualTo(2).After(20_000, 1));
    }

    private static void Once(RouteOptions route) => route.ConnectAttempts = 1;

    private static int PortOf(EndPoint endpoint) => ((IPEndPoint)endpoint).Port;

    private static IPAddress[] Addresses(params string[] addresses) => [.. addresses.Select(IPAddress.Parse)];
}
