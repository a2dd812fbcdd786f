using Microsoft.Extensions.Logging;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>In steady state the loop's thread allocates nothing for a record, with OpenSSL on either side.</summary>
[TestFixture(WhereTls.Client)]
[TestFixture(WhereTls.Upstream)]
[TestFixture(WhereTls.Both)]
internal sealed class TlsAllocationTests(WhereTls where) : TlsProxyFixture(TlsEngineKind.OpenSsl)
{
    private const int Rounds = 200;

    [TestCase(500)]
    [TestCase(40_000)]
    public async Task Relaying_records_allocates_nothing_on_the_loops_thread(int size)
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Start(upstream.Endpoint, route =>
        {
            route.Listen.Add(where.HasFlag(WhereTls.Client) ? Listen() : "127.0.0.1:0");
            route.Upstreams[0].Tls = where.HasFlag(WhereTls.Upstream) ? ToUpstream() : null;
        });
        proxy.Log.Minimum = LogLevel.Information;
        StreamPeer client = where.HasFlag(WhereTls.Client) ? await ConnectTls(proxy) : Own(StreamPeer.Plain(Own(await proxy.Connect())));
        Peer accepted = Own(await upstream.Accept());
        StreamPeer server = where.HasFlag(WhereTls.Upstream) ? await Accept(accepted) : Own(StreamPeer.Plain(accepted));
        await Exchange(client, server, size);

        await proxy.AllocatesNothingWhile(() => Exchange(client, server, size));
    }

    private static async Task Exchange(StreamPeer client, StreamPeer server, int size)
    {
        byte[] message = RandomBytes.Of(size);
        byte[] received = new byte[size];
        for (int round = 0; round < Rounds; round++)
        {
            await Task.WhenAll(client.Send(message), server.Fill(received));
            await Task.WhenAll(server.Send(message), client.Fill(received));
        }
    }
}
