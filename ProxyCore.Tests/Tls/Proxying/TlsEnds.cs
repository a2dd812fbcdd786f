using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>A relayed connection seen from one side and from the other; each speaks TLS or does not.</summary>
internal sealed record TlsEnds(StreamPeer Side, StreamPeer Other, RunningProxy Proxy) : IAsyncDisposable
{
    /// <summary>Bytes arrive in both directions.</summary>
    internal async Task Talk()
    {
        await Arrives(Side, Other);
        await Arrives(Other, Side);
    }

    internal static async Task Arrives(StreamPeer from, StreamPeer to)
    {
        await from.Send("hello");
        Assert.That(await to.ReceiveText(5), Is.EqualTo("hello"));
    }

    public ValueTask DisposeAsync() => Proxy.DisposeAsync();
}
