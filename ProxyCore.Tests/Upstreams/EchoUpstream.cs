using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Upstreams;

/// <summary>Sends back what it gets, and its FIN after the client's.</summary>
internal sealed class EchoUpstream : TestUpstream
{
    internal EchoUpstream()
    {
    }

    internal EchoUpstream(System.Net.EndPoint endpoint)
        : base(endpoint)
    {
    }

    protected override async Task Serve(Peer peer)
    {
        var buffer = new byte[64 * 1024];
        while (await peer.Socket.ReceiveAsync(buffer) is var count and > 0)
        {
            await peer.Send(buffer.AsMemory(0, count));
        }

        peer.Fin();
    }
}
