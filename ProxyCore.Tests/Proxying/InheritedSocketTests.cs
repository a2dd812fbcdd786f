using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ProxyCore.Tests.Facts;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>Sockets that listened before the proxy did, and will after it: the tests' are those of another process.</summary>
[TestFixture(1)]
[TestFixture(3)]
[LinuxCalls("Windows hands no sockets over.")]
internal sealed class InheritedSocketTests(int loops)
{
    private readonly List<IDisposable> _held = [];
    private RecordedLog _log = null!;
    private EchoUpstream _upstream = null!;

    [SetUp]
    public void StartUpstream()
    {
        _log = new RecordedLog(LogLevel.Debug);
        _upstream = new EchoUpstream();
    }

    [TearDown]
    public async Task EndAll()
    {
        _held.ForEach(static held => held.Dispose());
        _held.Clear();
        await _upstream.DisposeAsync();
        _log.Dispose();
    }

    [Test]
    public async Task An_endpoint_listens_with_the_socket_that_is_bound_to_it()
    {
        Socket socket = Listening(IPAddress.Loopback);
        await using TcpProxy proxy = await Start([socket], $"127.0.0.1:{PortOf(socket)}");

        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Echoes(socket)));

        Assert.That(proxy.Endpoints, Is.EqualTo(new[] { socket.LocalEndPoint }));
        Assert.That(proxy.GetStatistics().Accepted, Is.EqualTo(30));
    }

    // Another process that shares the listener may take the client between the loop's Poll and its accept. Then the accept must
    // not wait for the next client.
    [Test]
    public async Task An_inherited_listener_does_not_block()
    {
        Socket socket = Listening(IPAddress.Loopback);

        await using TcpProxy proxy = await Start([socket], $"127.0.0.1:{PortOf(socket)}");

        Assert.That(proxy.Shards[0].Listeners.All.Select(static listener => listener.Socket.Blocking), Is.Not.Empty.And.All.False);
    }

    [Test]
    public async Task A_client_that_came_before_the_start_is_served()
    {
        Socket socket = Listening(IPAddress.Loopback);
        using Peer client = await Peer.Connect(socket.LocalEndPoint!);

        await using TcpProxy proxy = await Start([socket], $"127.0.0.1:{PortOf(socket)}");

        await client.Echoes("early");
    }

    [Test]
    public async Task A_client_that_comes_after_the_stop_is_served_by_the_next_proxy()
    {
        Socket socket = Listening(IPAddress.Loopback);
        string endpoint = $"127.0.0.1:{PortOf(socket)}";
        await using (await Start([socket], endpoint))
        {
            await Echoes(socket);
        }

        Peer[] between = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Peer.Connect(socket.LocalEndPoint!)));
        _held.AddRange(between);

        await using TcpProxy next = await Start([socket], endpoint);
        await Task.WhenAll(between.Select(static client => client.Echoes("between")));
        await Echoes(socket);
    }

    [Test]
    public async Task Two_proxies_on_one_socket_serve_every_client_while_one_of_them_stops()
    {
        Socket socket = Listening(IPAddress.Loopback);
        string endpoint = $"127.0.0.1:{PortOf(socket)}";
        TcpProxy first = await Start([socket], endpoint);
        await using TcpProxy second = await Start([socket], endpoint);
        using var stopped = new CancellationTokenSource();
        Task[] load = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stopped.IsCancellationRequested)
            {
                await Echoes(socket);
            }
        }))];
        await HasAccepted(first, 20);
        await HasAccepted(second, 20);

        await first.StopAsync();

        await HasAccepted(second, second.GetStatistics().Accepted + 20);
        await stopped.CancelAsync();
        await Task.WhenAll(load);
    }

    [TestCase("localhost", "127.0.0.1")]
    [TestCase("*", "0.0.0.0")]
    public async Task A_name_for_two_addresses_takes_the_one_that_was_handed_over_and_binds_no_other(string name, string address)
    {
        Socket socket = Listening(IPAddress.Parse(address));

        await using TcpProxy proxy = await Start([socket], $"{name}:{PortOf(socket)}");

        Assert.That(proxy.Endpoints, Is.EqualTo(new[] { socket.LocalEndPoint }));
    }

    [Test]
    public async Task Localhost_takes_both_of_its_sockets()
    {
        (Socket four, Socket six) = ListeningOnBoth();

        await using TcpProxy proxy = await Start([four, six], $"localhost:{PortOf(four)}");

        await Echoes(four);
        await Echoes(six);
        Assert.That(proxy.Endpoints, Is.EqualTo(new[] { four.LocalEndPoint, six.LocalEndPoint }));
    }

    [Test]
    public async Task A_unix_socket_keeps_its_file_when_the_proxy_stops()
    {
        using var file = new UnixSocketPath();
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _held.Add(socket);
        socket.Bind(file.EndPoint);
        socket.Listen(10);

        await using (await Start([socket], $"unix:{file.Path}"))
        {
            await Echoes(socket);
        }

        using Peer between = await Peer.Connect(file.EndPoint);
        await using TcpProxy next = await Start([socket], $"unix:{file.Path}");
        await between.Echoes("between");
    }

    [Test]
    public async Task Endpoints_without_one_are_bound_as_ever()
    {
        Socket socket = Listening(IPAddress.Loopback);

        await using TcpProxy proxy = await Start([socket], $"127.0.0.1:{PortOf(socket)}", "127.0.0.1:0");

        using Peer client = await Peer.Connect(proxy.Endpoints[1]);
        await client.Echoes("bound");
    }

    [Test]
    public void One_that_no_endpoint_is_bound_to_fails_the_start()
    {
        Socket socket = Listening(IPAddress.Loopback);

        Assert.That(
            () => Start([socket], "127.0.0.1:0"),
            Throws.TypeOf<ListenException>().With.Message.EqualTo(
                $"Cannot listen on {socket.LocalEndPoint}: the socket was handed over, but no route listens there"));
    }

    [Test]
    public void One_that_does_not_listen_fails_the_start()
    {
        Socket socket = Held(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        Assert.That(
            () => Start([socket], $"127.0.0.1:{PortOf(socket)}"),
            Throws.TypeOf<ListenException>().With.Message.EqualTo(
                $"Cannot listen on the descriptor {socket.Handle} that was handed over: it is no listening stream socket"));
    }

    [Test]
    public async Task What_is_no_socket_fails_the_start()
    {
        using var file = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.Read, FileShare.None, 1, FileOptions.DeleteOnClose);
        using var handle = new SafeSocketHandle(file.SafeFileHandle.DangerousGetHandle(), ownsHandle: false);
        TcpProxyOptions options = Options("127.0.0.1:0");
        options.InheritedSockets.Add(handle);
        await using var proxy = new TcpProxy(options);

        Assert.That(
            () => proxy.StartAsync(), Throws.TypeOf<ListenException>().With.Message.EndsWith("it is no listening stream socket"));
    }

    [Test]
    public async Task Change_that_keeps_the_endpoint_keeps_the_socket()
    {
        Socket socket = Listening(IPAddress.Loopback);
        string endpoint = $"127.0.0.1:{PortOf(socket)}";
        await using TcpProxy proxy = await Start([socket], endpoint);

        await proxy.ApplyAsync(Options(endpoint, "127.0.0.1:0"));
        await proxy.ApplyAsync(Options($"localhost:{PortOf(socket)}"));
        await proxy.ApplyAsync(Options(endpoint));

        await Echoes(socket);
        Assert.That(proxy.Endpoints, Is.EqualTo(new[] { socket.LocalEndPoint }));
    }

    [Test]
    public async Task Change_that_leaves_a_socket_without_endpoint_is_refused_and_changes_nothing()
    {
        Socket socket = Listening(IPAddress.Loopback);
        await using TcpProxy proxy = await Start([socket], $"127.0.0.1:{PortOf(socket)}");

        Assert.That(() => proxy.ApplyAsync(Options("127.0.0.1:0")), Throws.TypeOf<ListenException>());

        await Echoes(socket);
        Assert.That(proxy.Endpoints, Is.EqualTo(new[] { socket.LocalEndPoint }));
    }

    [Test]
    public async Task A_stopped_proxy_holds_no_descriptor_of_it()
    {
        Socket socket = Listening(IPAddress.Loopback);
        int before = Descriptors.Count();

        await using (await Start([socket], $"127.0.0.1:{PortOf(socket)}"))
        {
        }

        Assert.That(Descriptors.Count(), Is.LessThanOrEqualTo(before));
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static async Task Echoes(Socket socket)
    {
        EndPoint address = socket.LocalEndPoint!;
        using Peer client = await Peer.Connect(address);
        await client.Echoes("hello");
    }

    private static async Task HasAccepted(TcpProxy proxy, long count)
    {
        using var timeout = new CancellationTokenSource(Bound.Wait);
        while (proxy.GetStatistics().Accepted < count)
        {
            Assert.That(timeout.IsCancellationRequested, Is.False, $"{count} clients were not accepted in time");
            await Task.Delay(5);
        }
    }

    private Socket Held(Socket socket)
    {
        _held.Add(socket);
        return socket;
    }

    private Socket Listening(IPAddress address, int port = 0)
    {
        Socket socket = Held(new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        socket.Bind(new IPEndPoint(address, port));
        socket.Listen(100);
        return socket;
    }

    /// <summary>The port that the system chose for one family may be taken in the other.</summary>
    private (Socket Four, Socket Six) ListeningOnBoth()
    {
        for (int attempt = 1; ; attempt++)
        {
            Socket four = Listening(IPAddress.Loopback);
            try
            {
                return (four, Listening(IPAddress.IPv6Loopback, PortOf(four)));
            }
            catch (SocketException) when (attempt < 10)
            {
                four.Dispose();
            }
        }
    }

    private TcpProxyOptions Options(params string[] listen)
    {
        var route = new RouteOptions { Upstreams = { new UpstreamOptions { Address = _upstream.Endpoint.ToString()! } } };
        Array.ForEach(listen, endpoint => route.Listen.Add(endpoint));
        return new TcpProxyOptions { Loops = loops, Routes = { route } };
    }

    private async Task<TcpProxy> Start(Socket[] sockets, params string[] listen)
    {
        TcpProxyOptions options = Options(listen);
        Array.ForEach(sockets, socket => options.InheritedSockets.Add(socket.SafeHandle));
        var proxy = new TcpProxy(options, _log);
        await proxy.StartAsync();
        return proxy;
    }
}
