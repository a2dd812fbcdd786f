using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Upstreams;

/// <summary>Sends back what it gets, and its FIN after the client's.</summary>
internal sealed class EchoUpstream : TestUpstream
{
    private readonly Lock _gate = new();
    private int _atOnce;
    private long _echoed;

    internal EchoUpstream()
    {
    }

    internal EchoUpstream(System.Net.EndPoint endpoint)
        : base(endpoint)
    {
    }

    /// <summary>The most connections that it has had at a time.</summary>
    internal int MostAtOnce { get; private set; }

    /// <summary>Waits until it has sent so many bytes back, over all connections.</summary>
    internal Task HasEchoed(long bytes) => Bound.Within($"{bytes} bytes are echoed", async token =>
    {
        while (Interlocked.Read(ref _echoed) < bytes)
        {
            await Task.Delay(1, token);
        }

        return true;
    });

    protected override async Task Serve(Peer peer)
    {
        Count(1);
        var buffer = new byte[64 * 1024];
        try
        {
            while (await peer.Socket.ReceiveAsync(buffer) is var count and > 0)
            {
                await peer.Send(buffer.AsMemory(0, count));
                Interlocked.Add(ref _echoed, count);
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
