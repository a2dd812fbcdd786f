using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections;
using ProxyCore.Connections.Listening;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying.Changing;

/// <summary>A change that fails changes nothing, says why, and leaves nothing open.</summary>
[TestFixture(1)]
[TestFixture(3)]
internal sealed class FailedChangeTests(int loops) : ChangingFixture(loops)
{
    [Test]
    public async Task Options_with_mistakes_change_nothing_and_say_all()
    {
        await Start(To(First));
        TcpProxyOptions wrong = Options(Route("web", Here, To(Second)));
        wrong.Routes[0].Backlog = 0;
        wrong.Loops = Loops + 1;
        wrong.BufferSize = 4096;
        wrong.ParkIdleSockets = false;

        ArgumentException? exception = Assert.ThrowsAsync<ArgumentException>(() => Proxy.ApplyAsync(wrong));

        Assert.That(exception!.Message.Split(Environment.NewLine), Is.EqualTo(
        [
            "Routes:0:Backlog: must be 1 or more",
            "Loops: can't be changed while the proxy runs",
            "BufferSize: can't be changed while the proxy runs",
            "ParkIdleSockets: can't be changed while the proxy runs",
        ]));
        using Peer client = await Connect();
        await client.Echoes("hello");
        Assert.That(Second.Accepted, Is.Zero);
    }

    [Test]
    public async Task Endpoint_that_can_not_be_bound_changes_nothing_and_leaves_nothing_open()
    {
        await using var occupier = new TestUpstream();
        await Start(To(First));
        RouteOptions route = Route("web", Here, To(Second));
        route.Listen.Add("127.0.0.1:0");
        route.Listen.Add(occupier.Endpoint.ToString()!);
        EndPoint[] before = [.. Proxy.Endpoints];
        int descriptors = Descriptors.Count();

        ListenException? exception = Assert.ThrowsAsync<ListenException>(() => Proxy.ApplyAsync(Options(route)));

        Assert.That(exception!.Message, Is.EqualTo($"Cannot listen on {occupier.Endpoint}: the address is already in use"));
        Assert.That(Descriptors.Count(), Is.EqualTo(descriptors));
        Assert.That(Proxy.Endpoints, Is.EqualTo(before));
        using Peer client = await Connect();
        await client.Echoes("hello");
        Assert.That(Second.Accepted, Is.Zero);
    }

    [Test]
    public async Task Policy_that_can_not_be_made_changes_nothing()
    {
        await Start(To(First));
        TcpProxyOptions wrong = Options(Route("web", Here, To(Second)));
        wrong.BalancingPolicies.Add("Broken", static () => throw new InvalidDataException("no policy"));
        wrong.Routes[0].Balancing = "Broken";

        Assert.ThrowsAsync<InvalidDataException>(() => Proxy.ApplyAsync(wrong));

        using Peer client = await Connect();
        await client.Echoes("hello");
        Assert.That(First.Accepted, Is.EqualTo(1));
    }

    [Test]
    public async Task Proxy_that_does_not_run_takes_no_other_options()
    {
        Proxy = new TcpProxy(Options(Route("web", "127.0.0.1:0", To(First))));
        Assert.ThrowsAsync<InvalidOperationException>(() => Proxy.ApplyAsync(Options(Route("web", "127.0.0.1:0", To(First)))));

        await Proxy.StartAsync();
        await Proxy.StopAsync();

        Assert.ThrowsAsync<InvalidOperationException>(() => Proxy.ApplyAsync(Options(Route("web", "127.0.0.1:0", To(First)))));
    }

    [Test]
    public async Task Listener_whose_options_can_not_be_changed_keeps_them_and_the_change_goes_on()
    {
        await Start(To(First));
        Shard shard = Proxy.Shards[0];
        RouteOptions changed = Route("web", Here, To(Second));
        changed.KeepAlive = TimeSpan.FromSeconds(77);
        changed.Listen.Add("127.0.0.1:0");
        shard.Loop.Post(shard, () =>
        {
            Listener listener = shard.Listeners.All[0];
            shard.Loop.Detach(listener);
            listener.Socket.Dispose();
        });

        await Bound.Within("the change", Proxy.ApplyAsync(Options(changed)));

        Assert.That((await Log.Saw("KeepsTcpOptions")).Text, Does.StartWith("127.0.0.1:").And.Contain("keeps its TCP options"));
        using Peer client = await Peer.Connect(Proxy.Endpoints[1]);
        await client.Echoes("hello");
        Assert.That(Second.Accepted, Is.EqualTo(1));
    }

    [TestCase("127.0.0.1:0", "localhost", "127.0.0.1")]
    [TestCase("*:0", "localhost", "127.0.0.1")]
    [TestCase("127.0.0.1:0", "127.0.0.1", "0.0.0.0")]
    [TestCase("127.0.0.1:0", "0.0.0.0", "*")]
    public async Task Endpoints_that_overlap_are_refused_as_at_a_start(string listen, string one, string other)
    {
        await Start(To(First), listen: listen);
        int port = ((IPEndPoint)Proxy.Endpoints[0]).Port;
        TcpProxyOptions overlapping = Options(Route("a", $"{one}:{port}", To(Second)));
        overlapping.Routes.Add(Route("b", $"{other}:{port}", To(Second)));
        int descriptors = Descriptors.Count();

        Assert.ThrowsAsync<ArgumentException>(() => Proxy.ApplyAsync(overlapping));

        Assert.That(Descriptors.Count(), Is.EqualTo(descriptors));
        for (int client = 0; client < 3 * Loops; client++)
        {
            using Peer peer = await Peer.Connect(new IPEndPoint(IPAddress.Loopback, port));
            await peer.Echoes("hello");
        }

        Assert.That(Second.Accepted, Is.Zero);
    }

    [Test]
    [LinuxCalls("Only there can a listener be made to ignore new clients.")]
    public async Task Endpoint_that_can_be_bound_and_not_listened_on_changes_nothing_and_costs_no_client()
    {
        using Socket occupier = BoundUntilSomebodyListens();
        await Start(To(First));
        int port = ((IPEndPoint)Proxy.Endpoints[0]).Port;
        RouteOptions route = Route("web", $"*:{port}", To(Second));
        route.Listen.Add(occupier.LocalEndPoint!.ToString()!);
        int descriptors = Descriptors.Count();

        using var over = new CancellationTokenSource();
        Task clients = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                using Peer client = await Connect();
                await client.Echoes("hello");
            }
        })));
        for (int attempt = 0; attempt < 20; attempt++)
        {
            ListenException? exception = Assert.ThrowsAsync<ListenException>(() => Proxy.ApplyAsync(Options(route)));
            Assert.That(exception!.SocketError, Is.EqualTo(SocketError.AddressAlreadyInUse));
        }

        await over.CancelAsync();
        await Bound.Within("the clients", clients);
        Assert.That(Second.Accepted, Is.Zero);
        await First.HasNoConnections();
        Assert.That(SpinWait.SpinUntil(() => Proxy.GetStatistics().Active == 0, Bound.Wait));
        Assert.That(() => Descriptors.Count(), Is.LessThanOrEqualTo(descriptors).After(5000, 20));
    }

    /// <summary>
    /// A socket whose port others may bind, since it allowed that when it was bound, and not listen on, since it no longer
    /// does: inet_csk_get_port in the kernel.
    /// </summary>
    private static Socket BoundUntilSomebodyListens()
    {
        const int SocketLevel = 1;
        const int ReuseAddress = 2;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetRawSocketOption(SocketLevel, ReuseAddress, BitConverter.GetBytes(1));
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.SetRawSocketOption(SocketLevel, ReuseAddress, BitConverter.GetBytes(0));
        return socket;
    }

    [Test]
    public async Task Change_that_meets_the_stop_leaves_nothing_open()
    {
        int descriptors = Descriptors.Count();
        for (int i = 0; i < 20; i++)
        {
            await using var proxy = new TcpProxy(Options(Route("web", "127.0.0.1:0", To(First))));
            await proxy.StartAsync();
            Task stop = Task.Run(() => proxy.StopAsync());
            try
            {
                await proxy.ApplyAsync(Options(Route("new", "127.0.0.1:0", To(First))));
            }
            catch (InvalidOperationException)
            {
                // It was stopped before.
            }

            await Bound.Within("the stop", stop);
        }

        Assert.That(Descriptors.Count(), Is.EqualTo(descriptors));
        await Start(To(First));
    }
}
