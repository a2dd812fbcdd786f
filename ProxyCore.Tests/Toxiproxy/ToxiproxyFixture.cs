using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Toxiproxy;

/// <summary>A server of the API without proxies, and an upstream for those that a test makes. Each test has its own.</summary>
internal abstract class ToxiproxyFixture
{
    protected EchoUpstream Upstream { get; private set; } = null!;

    protected RunningToxiproxy Server { get; private set; } = null!;

    [SetUp]
    public async Task Start()
    {
        Upstream = new EchoUpstream();
        Server = await RunningToxiproxy.Start();
    }

    [TearDown]
    public async Task Stop()
    {
        await Server.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
