using System.Net;
using System.Net.Sockets;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Faults;

/// <summary>Proxies to an echo, on some loops, and clients who see what toxics do to them.</summary>
internal abstract class ToxicFixture(int loops)
{
    protected EchoUpstream Upstream { get; } = new();

    [OneTimeTearDown]
    public ValueTask StopUpstream() => Upstream.DisposeAsync();

    protected Task<RunningProxy> Start(Action<RouteOptions>? route = null, Action<TcpProxyOptions>? options = null) =>
        RunningProxy.To(Upstream.Endpoint, route, options + (one => one.Loops = loops));

    protected Task<RunningProxy> StartOnFakeClock() => RunningProxy.OnFakeClock(Upstream.Endpoint, options: options => options.Loops = loops);

    /// <summary>A letter for each connection: a cross where it fails.</summary>
    protected static async Task<string> Fates(RunningProxy proxy, int connections)
    {
        var fates = new char[connections];
        for (int i = 0; i < connections; i++)
        {
            fates[i] = await IsServed(proxy) ? '.' : 'x';
        }

        return new string(fates);
    }

    protected static async Task<bool> IsServed(RunningProxy proxy)
    {
        using Peer? client = await TryConnect(proxy.Endpoint);
        try
        {
            await (client?.Send("hello") ?? Task.CompletedTask);
        }
        catch (SocketException)
        {
            // Reset already.
        }

        client?.Fin();
        return client is not null && (await client.ReceiveWhatComes()).Length == "hello".Length;
    }

    protected static Task IsRefused(RunningProxy proxy) => IsRefused(proxy, proxy.Endpoint);

    protected static async Task IsRefused(RunningProxy proxy, EndPoint endpoint)
    {
        using Peer? client = await TryConnect(endpoint);
        await (client?.ReceivesReset() ?? Task.CompletedTask);
        Assert.That(proxy.Proxy.State, Is.EqualTo(ProxyState.Running));
    }

    /// <summary>A reset that comes while the client connects fails the connect.</summary>
    private static async Task<Peer?> TryConnect(EndPoint endpoint)
    {
        try
        {
            return await Peer.Connect(endpoint);
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
