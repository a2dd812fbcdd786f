using Microsoft.Extensions.Logging;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying.Changing;

/// <summary>Tests that give a running proxy other options: two echoes, and a proxy to one of them at first.</summary>
internal abstract class ChangingFixture(int loops)
{
    private readonly List<Peer> _clients = [];

    protected int Loops => loops;

    protected RecordedLog Log { get; private set; } = null!;

    protected EchoUpstream First { get; private set; } = null!;

    protected EchoUpstream Second { get; private set; } = null!;

    protected TcpProxy Proxy { get; set; } = null!;

    protected string Here => Proxy.Endpoints[0].ToString()!;

    [SetUp]
    public void StartUpstreams()
    {
        Log = new RecordedLog(LogLevel.Debug);
        First = new EchoUpstream();
        Second = new EchoUpstream();
    }

    [TearDown]
    public async Task StopAll()
    {
        _clients.ForEach(static client => client.Dispose());
        _clients.Clear();
        await Proxy.DisposeAsync();
        await First.DisposeAsync();
        await Second.DisposeAsync();
        Log.Dispose();
    }

    protected static string To(TestUpstream upstream) => upstream.Endpoint.ToString()!;

    protected static RouteOptions Route(string name, string listen, string upstream) =>
        new() { Name = name, Listen = { listen }, Upstreams = { new() { Address = upstream } } };

    protected TcpProxyOptions Options(RouteOptions route) => new() { Loops = loops, Routes = { route } };

    protected Task Start(string upstream, TimeProvider? clock = null, string listen = "127.0.0.1:0") =>
        Start(Route("web", listen, upstream), clock);

    protected async Task Start(RouteOptions route, TimeProvider? clock = null)
    {
        Proxy = new TcpProxy(Options(route), Log, clock);
        await Proxy.StartAsync();
    }

    protected Task<Peer> Connect() => Peer.Connect(Proxy.Endpoints[0]);

    /// <summary>A proxy to the first upstream, which takes one connection and has it: the client, and another who waits.</summary>
    protected async Task<(Peer Served, Peer Waiting)> StartFull()
    {
        RouteOptions narrow = Route("web", "127.0.0.1:0", To(First));
        narrow.Upstreams[0].MaxConnections = 1;
        await Start(narrow);
        Peer served = await Connect();
        await served.Echoes("hello");
        Peer waiting = await Connect();
        _clients.AddRange([served, waiting]);
        await Log.Saw("Queued");
        return (served, waiting);
    }
}
