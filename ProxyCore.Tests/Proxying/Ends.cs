using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>A relayed connection seen from a side and from the other, so that a test runs either way round.</summary>
internal sealed record Ends(Peer Side, Peer Other) : IDisposable
{
    internal static async Task<Ends> Of(RunningProxy proxy, TestUpstream upstream, ConnectionSide side)
    {
        Peer client = await proxy.Connect();
        Peer server = await upstream.Accept();

        // The server may know of it before the loop has looked: a reset now would be a connect that failed.
        await proxy.RelaysToAll();
        return side == ConnectionSide.Client ? new Ends(client, server) : new Ends(server, client);
    }

    public void Dispose()
    {
        Side.Dispose();
        Other.Dispose();
    }
}
