using ProxyCore.Connections.Listening;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying.Loops;

/// <summary>Tests that hold however many loops there are, and however clients come to them.</summary>
/// <remarks>What is connected here, and the upstream, is gone before the next test: some count descriptors.</remarks>
internal abstract class LoopsFixture(int loops, ClientSpread spread)
{
    private readonly List<Peer> _clients = [];

    protected int Loops => loops;

    protected ClientSpread Spread => spread;

    /// <summary>An echo.</summary>
    protected EchoUpstream Upstream { get; private set; } = null!;

    /// <summary>Other systems distribute no clients over listeners.</summary>
    [OneTimeSetUp]
    public void RequireOwnListeners()
    {
        if (loops > 1 && spread == ClientSpread.OwnListeners && ClientSpreading.OfThisSystem != spread)
        {
            Assert.Ignore("Only Linux distributes clients over the listeners of an address.");
        }
    }

    [SetUp]
    public void StartUpstream() => Upstream = new EchoUpstream();

    [TearDown]
    public async Task EndPeers()
    {
        _clients.ForEach(static client => client.Dispose());
        _clients.Clear();
        await Upstream.HasNoConnections();
        await Upstream.DisposeAsync();
    }

    /// <summary>A proxy to <see cref="Upstream"/>, unless it is to be another.</summary>
    protected Task<RunningProxy> Start(
        Action<RouteOptions>? route = null,
        Action<TcpProxyOptions>? options = null,
        TimeProvider? clock = null,
        TestUpstream? to = null) =>
        RunningProxy.OnLoops(loops, spread, (to ?? Upstream).Endpoint, route, options, clock);

    protected async Task<Peer[]> Connect(RunningProxy proxy, int count)
    {
        Peer[] clients = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => proxy.Connect()));
        _clients.AddRange(clients);
        return clients;
    }

    /// <summary>Clients that have all been served, and are still connected.</summary>
    protected async Task<Peer[]> ConnectServed(RunningProxy proxy, int count)
    {
        Peer[] clients = await Connect(proxy, count);
        await Task.WhenAll(clients.Select(static client => client.Echoes("hello")));
        return clients;
    }

    protected static Task EndOrderly(params Peer[] clients) => Task.WhenAll(clients.Select(static async client =>
    {
        client.Fin();
        await client.ReceivesEof();
        client.Dispose();
    }));
}
