using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Listening;
using ProxyCore.Platform;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Proxying.Changing;

/// <summary>Endpoints that stay keep their sockets, whatever else changes; others make place.</summary>
[TestFixture(1)]
[TestFixture(3)]
internal sealed class EndpointChangeTests(int loops) : ChangingFixture(loops)
{
    [Test]
    public async Task Endpoint_of_a_route_that_gets_another_name_keeps_its_socket()
    {
        await Start(To(First));

        await Proxy.ApplyAsync(Options(Route("other", Here, To(Second))));

        using Peer client = await Connect();
        await client.Echoes("hello");
        Assert.That(Second.Accepted, Is.EqualTo(1));
        Assert.That(Log.CountOf("ListeningOnPort"), Is.EqualTo(1), "nothing was bound anew");
    }

    [Test]
    public async Task Port_that_the_system_chose_is_kept_where_the_options_leave_it_open_again()
    {
        await Start(To(First));
        EndPoint before = Proxy.Endpoints[0];

        await Proxy.ApplyAsync(Options(Route("web", "127.0.0.1:0", To(Second))));

        Assert.That(Proxy.Endpoints, Is.EqualTo([before]));
    }

    [TestCase("localhost")]
    [TestCase("*")]
    public async Task Endpoint_that_is_in_the_way_of_a_wider_one_makes_place_for_it(string host)
    {
        await Start(To(First));
        int port = ((IPEndPoint)Proxy.Endpoints[0]).Port;
        using Peer before = await Connect();
        await before.Echoes("before");

        await Proxy.ApplyAsync(Options(Route("web", $"{host}:{port}", To(Second))));

        using Peer client = await Peer.Connect(new IPEndPoint(IPAddress.Loopback, port));
        await client.Echoes("hello");
        await before.Echoes("still there");
        Assert.That(Second.Accepted, Is.EqualTo(1));
    }

    [Test]
    public async Task Wider_endpoint_makes_place_for_a_narrower_one()
    {
        await Start(To(First), listen: "*:0");
        int port = ((IPEndPoint)Proxy.Endpoints[0]).Port;

        await Proxy.ApplyAsync(Options(Route("web", $"127.0.0.1:{port}", To(Second))));

        using Peer client = await Connect();
        await client.Echoes("hello");
        Assert.That(Second.Accepted, Is.EqualTo(1));
    }

    [TestCase("127.0.0.1", "localhost")]
    [TestCase("localhost", "127.0.0.1")]
    [TestCase("127.0.0.1", "localhost", "other")]
    public async Task Socket_is_kept_where_another_spelling_has_its_address(string before, string after, string name = "web")
    {
        await Start(To(First), listen: $"{before}:0");
        int port = ((IPEndPoint)Proxy.Endpoints[0]).Port;
        Listener[] listeners = await OnFour();

        await Proxy.ApplyAsync(Options(Route(name, $"{after}:{port}", To(Second))));

        Assert.That(await OnFour(), Is.EqualTo(listeners));
        Assert.That(Proxy.Endpoints[0], Is.EqualTo(new IPEndPoint(IPAddress.Loopback, port)));
        using Peer client = await Peer.Connect(Proxy.Endpoints[0]);
        await client.Echoes("hello");
        Assert.That(Second.Accepted, Is.EqualTo(1));
    }

    [TestCase("127.0.0.1", "*")]
    [TestCase("localhost", "*")]
    [TestCase("0.0.0.0", "*")]
    [TestCase("127.0.0.1", "0.0.0.0")]
    [LinuxCalls("Only there can a listener be made to ignore new clients.")]
    public async Task Wider_and_narrower_addresses_take_turns_and_no_client_is_lost(string narrow, string wide)
    {
        await Start(To(First), listen: $"{narrow}:0");
        int port = ((IPEndPoint)Proxy.Endpoints[0]).Port;
        using var over = new CancellationTokenSource();
        int served = 0;
        Task clients = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                using Peer client = await Peer.Connect(new IPEndPoint(IPAddress.Loopback, port));
                await client.Echoes("hello");
                Interlocked.Increment(ref served);
            }
        })));

        for (int change = 0; change < 10 && !clients.IsCompleted; change++)
        {
            // Once after some clients, once at once: then the listener that the last change has removed is still open.
            int before = Volatile.Read(ref served);
            await Proxy.ApplyAsync(Options(Route("web", $"{wide}:{port}", To(First))));
            SpinWait.SpinUntil(() => clients.IsCompleted || Volatile.Read(ref served) > before + 20, Bound.Wait);
            await Proxy.ApplyAsync(Options(Route("web", $"{narrow}:{port}", To(First))));
        }

        await over.CancelAsync();
        await Bound.Within("the clients", clients);
    }

    [Test]
    public async Task Endpoint_that_is_left_at_the_maximum_serves_its_queue_first()
    {
        RouteOptions route = Route("web", "127.0.0.1:0", To(First));
        TcpProxyOptions options = Options(route);
        options.MaxConnections = 1;
        Proxy = new TcpProxy(options, Log);
        await Proxy.StartAsync();
        Peer served = await Connect();
        await served.Echoes("hello");
        Peer[] queued = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Connect()));
        await Log.Saw("AtMaximum");

        TcpProxyOptions changed = Options(Route("web", "127.0.0.1:0", To(First)));
        changed.Routes[0].Name = "elsewhere";
        changed.MaxConnections = 1;
        EndPoint left = Proxy.Endpoints[0];
        await Proxy.ApplyAsync(changed);

        if (TargetSystem.IsLinux)
        {
            Assert.That(async () => await Peer.Connect(left), Throws.InstanceOf<SocketException>(), "new clients are refused");
        }

        served.Dispose();
        await Task.WhenAll(queued.Select(static async client =>
        {
            await client.Echoes("queued");
            client.Dispose();
        }));
    }

    [Test]
    public async Task Endpoint_that_is_left_and_never_has_a_free_slot_closes_after_the_drain_timeout()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        TcpProxyOptions options = Options(Route("web", "127.0.0.1:0", To(First)));
        options.MaxConnections = 1;
        Proxy = new TcpProxy(options, Log, clock);
        await Proxy.StartAsync();
        using Peer served = await Connect();
        await served.Echoes("hello");
        using Peer queued = await Connect();
        await Log.Saw("AtMaximum");

        TcpProxyOptions changed = Options(Route("elsewhere", "127.0.0.1:0", To(First)));
        changed.MaxConnections = 1;
        changed.DrainTimeout = TimeSpan.FromSeconds(7);
        await Proxy.ApplyAsync(changed);
        clock.Advance(TimeSpan.FromSeconds(7));

        await queued.ReceivesReset();
    }

    private Task<Listener[]> OnFour() => Bound.Within("the loops", async _ =>
    {
        Listener[][] all = await Task.WhenAll(Proxy.Shards.Select(static shard => shard.AskAsync<Listener[]>(
            () => [.. shard.Listeners.All.Where(static one => one.Address.Address!.Equals(IPAddress.Loopback))], [])));
        return all.SelectMany(static one => one).ToArray();
    });

    [Test]
    public async Task Unix_socket_is_kept_or_added_or_removed()
    {
        using var folder = new Cli.TemporaryFolder();
        string kept = Path.Combine(folder.FullName, "kept");
        string gone = Path.Combine(folder.FullName, "gone");
        string added = Path.Combine(folder.FullName, "added");
        RouteOptions route = Route("web", $"unix:{kept}", To(First));
        route.Listen.Add($"unix:{gone}");
        await Start(route);

        RouteOptions changed = Route("web", $"unix:{kept}", To(First));
        changed.Listen.Add($"unix:{added}");
        await Proxy.ApplyAsync(Options(changed));

        Assert.That(File.Exists(gone), Is.False);
        foreach (string path in new[] { kept, added })
        {
            using Peer client = await Peer.Connect(new UnixDomainSocketEndPoint(path));
            await client.Echoes("hello");
        }
    }
}
