using System.Net.Sockets;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>When the system begins to ask whether a quiet peer is still there. On a clock that the tests move.</summary>
internal sealed class KeepAliveTests
{
    private static readonly TimeSpan _age = TimeSpan.FromSeconds(5);

    [Test]
    public async Task Upstream_gets_its_keepalive_when_the_connection_is_five_seconds_old()
    {
        await using RunningProxy proxy = await Start(out TestUpstream upstream);
        await using TestUpstream _ = upstream;
        using Ends ends = await Ends.Of(proxy, upstream, ConnectionSide.Client);
        await proxy.Log.Saw("Relaying");

        proxy.Clock!.Advance(_age - TimeSpan.FromMilliseconds(1));
        Assert.That(await KeepAlive(proxy), Is.Zero);
        proxy.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(await KeepAlive(proxy), Is.EqualTo(77));
    }

    [Test]
    public async Task Keepalive_that_is_shorter_is_set_at_that_age()
    {
        await using RunningProxy proxy = await Start(out TestUpstream upstream, TimeSpan.FromSeconds(2));
        await using TestUpstream _ = upstream;
        using Ends ends = await Ends.Of(proxy, upstream, ConnectionSide.Client);
        await proxy.Log.Saw("Relaying");

        proxy.Clock!.Advance(TimeSpan.FromSeconds(2));

        Assert.That(await KeepAlive(proxy), Is.EqualTo(2));
    }

    [Test]
    public async Task Keepalive_leaves_the_idle_timeout_as_it_is()
    {
        await using RunningProxy proxy = await Start(out TestUpstream upstream, configure: static route => route.IdleTimeout = TimeSpan.FromSeconds(8));
        await using TestUpstream _ = upstream;
        using Ends ends = await Ends.Of(proxy, upstream, ConnectionSide.Client);
        await proxy.Log.Saw("Relaying");

        proxy.Clock!.Advance(_age);
        Assert.That(await KeepAlive(proxy), Is.EqualTo(77));
        proxy.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.IdleTimeout));
    }

    private static Task<RunningProxy> Start(
        out TestUpstream upstream, TimeSpan? keepAlive = null, Action<RouteOptions>? configure = null)
    {
        upstream = new TestUpstream();
        return RunningProxy.OnFakeClock(
            upstream.Endpoint, (route => route.KeepAlive = keepAlive ?? TimeSpan.FromSeconds(77)) + configure);
    }

    /// <summary>After how many quiet seconds the system asks the upstream; 0 for never.</summary>
    private static async Task<int> KeepAlive(RunningProxy proxy)
    {
        // A turn begins with posted work, and goes on with what is due: after two of them the clock has been looked at.
        await proxy.OnLoop(static _ => true);
        await proxy.OnLoop(static _ => true);
        return await proxy.OnLoop(static shard => TimeOf(shard.Routes.Find(1)!.Upstream!));
    }

    private static int TimeOf(Socket socket)
    {
        bool isOn = (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)! != 0;
        return isOn ? (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime)! : 0;
    }
}
