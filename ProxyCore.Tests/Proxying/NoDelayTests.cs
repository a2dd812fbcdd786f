using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>From when on small writes to an upstream go out at once: from the second, for the first always does.</summary>
internal sealed class NoDelayTests
{
    [Test]
    public async Task Upstream_that_gets_one_write_costs_no_call()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using Peer client = await proxy.Connect();

        await client.Echoes("one");

        Assert.That(await IsSet(proxy), Is.False);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Second_write_goes_out_at_once_where_the_route_wants_that(bool noDelay)
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, route => route.NoDelay = noDelay);
        using Peer client = await proxy.Connect();

        await client.Echoes("one");
        await client.Echoes("two");

        Assert.That(await IsSet(proxy), Is.EqualTo(noDelay));
    }

    [Test]
    public async Task Header_of_the_proxy_is_the_first_write()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, static route => route.Upstreams[0].SendProxyProtocol = ProxyProtocolVersion.V1);
        using Peer client = await proxy.Connect();
        using Peer server = await upstream.Accept();
        string header = $"PROXY TCP4 127.0.0.1 127.0.0.1 {PortOf(client)} {((IPEndPoint)proxy.Endpoint).Port}\r\n";
        await server.Receive(header.Length);

        await client.Send("one");
        await server.ReceiveText(3);

        Assert.That(await IsSet(proxy), Is.True);
    }

    private static int PortOf(Peer client) => ((IPEndPoint)client.Socket.LocalEndPoint!).Port;

    private static Task<bool> IsSet(RunningProxy proxy) => proxy.OnLoop(static shard => shard.Routes.Find(1)!.Upstream!.NoDelay);
}
