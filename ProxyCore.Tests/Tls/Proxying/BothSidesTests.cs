using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>Many bytes in both directions at once, with TLS on both sides, and each kind of end after them.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class BothSidesTests(TlsEngineKind kind) : TlsProxyFixture(kind)
{
    private const int Chunk = 1024 * 1024;

    /// <summary>How a side ends.</summary>
    public enum EndKind
    {
        Orderly,
        BareFin,
        Reset,
    }

    [TestCase(100, ConnectionSide.Client, EndKind.Orderly)]
    [TestCase(10, ConnectionSide.Upstream, EndKind.Orderly)]
    [TestCase(10, ConnectionSide.Client, EndKind.BareFin)]
    [TestCase(10, ConnectionSide.Upstream, EndKind.BareFin)]
    [TestCase(10, ConnectionSide.Client, EndKind.Reset)]
    [TestCase(10, ConnectionSide.Upstream, EndKind.Reset)]
    public async Task Megabytes_both_ways_at_once_arrive_as_they_were_sent_and_then_the_end(int megabytes, ConnectionSide side, EndKind end)
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Start(upstream.Endpoint, route =>
        {
            route.Listen.Add(Listen());
            route.Upstreams[0].Tls = ToUpstream();
        });
        StreamPeer client = await ConnectTls(proxy);
        StreamPeer server = await Accept(Own(await upstream.Accept()));

        await Task.WhenAll(
            Carries(client, server, RandomBytes.Of(Chunk + megabytes), megabytes),
            Carries(server, client, RandomBytes.Of(Chunk + megabytes, seed: 2), megabytes));

        (StreamPeer first, StreamPeer other) = side == ConnectionSide.Client ? (client, server) : (server, client);
        await Ends(first, other, end);
        Assert.That(await proxy.EndReason(), Is.EqualTo(ReasonOf(side, end)));
        await proxy.HoldsNothing();
    }

    private static async Task Ends(StreamPeer side, StreamPeer other, EndKind end)
    {
        if (end == EndKind.Reset)
        {
            side.Reset();
            await other.ReceivesReset();
            return;
        }

        if (end == EndKind.Orderly)
        {
            await side.EndOrderly();
        }
        else
        {
            side.EndWithBareFin();
        }

        await other.ReceivesOrderlyEnd();
        await TlsEnds.Arrives(other, side);
        await other.EndOrderly();
        await side.ReceivesOrderlyEnd();
    }

    private static EndReason ReasonOf(ConnectionSide side, EndKind end) => (side, end) switch
    {
        (ConnectionSide.Client, EndKind.Orderly) => EndReason.ClientFin,
        (ConnectionSide.Client, EndKind.BareFin) => EndReason.ClientTruncated,
        (ConnectionSide.Client, _) => EndReason.ClientReset,
        (_, EndKind.Orderly) => EndReason.UpstreamFin,
        (_, EndKind.BareFin) => EndReason.UpstreamTruncated,
        _ => EndReason.UpstreamReset,
    };

    /// <summary>Each chunk begins a byte further in the same random bytes, so that no two are equal.</summary>
    private static async Task Carries(StreamPeer from, StreamPeer to, byte[] bytes, int chunks)
    {
        Task sent = Task.Run(async () =>
        {
            for (int number = 0; number < chunks; number++)
            {
                await from.Send(bytes.AsMemory(number, Chunk));
            }
        });
        var received = new byte[Chunk];
        for (int number = 0; number < chunks; number++)
        {
            await to.Fill(received);
            Assert.That(received.AsSpan().SequenceEqual(bytes.AsSpan(number, Chunk)), $"chunk {number} differs");
        }

        await sent;
    }
}
