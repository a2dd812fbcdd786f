using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Upstreams;

/// <summary>Sends back what it gets, and its FIN after the client's.</summary>
internal sealed class EchoUpstream : TestUpstream
{
    private readonly Lock _gate = new();
    private int _atOnce;

    internal EchoUpstream()
    {
    }

    internal EchoUpstream(System.Net.EndPoint endpoint)
        : base(endpoint)
    {
    }

    /// <summary>The most connections that it has had at a time.</summary>
    internal int MostAtOnce { get; private set; }

    protected override async Task Serve(Peer peer)
    {
        Count(1);
        var buffer = new byte[64 * 1024];
        try
        {
            while (await peer.Socket.ReceiveAsync(buffer) is var count and > 0)
            {
                await peer.Send(buffer.AsMemory(0, count));
            }
        }
        finally
        {
            // Before its FIN is out: that is what lets the next one come.
            Count(-1);
        }

        peer.Fin();
    }

    private void Count(int difference)
    {
        lock (_gate)
        {
            _atOnce += difference;
            MostAtOnce = Math.Max(MostAtOnce, _atOnce);
        }
    }
}
