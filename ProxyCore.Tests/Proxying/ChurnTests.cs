using System.Net.Sockets;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>However connections end, nothing of them stays.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class ChurnTests(Parking parking) : ParkingFixture(parking)
{
    private const int Connections = 1000;
    private const int AtOnce = 50;

    [Test]
    public async Task A_thousand_connections_ended_in_random_ways_leave_nothing()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        await EndRandomly(proxy, seed: 0);
        await proxy.Ended(1);
        await upstream.HasNoConnections();
        int before = Descriptors.Count();

        var gate = new SemaphoreSlim(AtOnce);
        await Task.WhenAll(Enumerable.Range(1, Connections).Select(async seed =>
        {
            await gate.WaitAsync();
            await EndRandomly(proxy, seed);
            gate.Release();
        }));

        TcpProxyStatistics statistics = await proxy.Ended(1 + Connections);
        await upstream.HasNoConnections();
        Assert.Multiple(() =>
        {
            Assert.That(statistics.Active, Is.Zero);
            Assert.That(statistics.Accepted, Is.EqualTo(1 + Connections));
            Assert.That(statistics.Ended[EndReason.Fault], Is.Zero);
            Assert.That(statistics.Ended[EndReason.ClientFin], Is.Positive);
            Assert.That(statistics.Ended[EndReason.ClientReset], Is.Positive);
            Assert.That(Descriptors.Count(), Is.EqualTo(before));
        });
        await proxy.HoldsNothing();
    }

    private static async Task EndRandomly(RunningProxy proxy, int seed)
    {
        var random = new Random(seed);
        using Peer client = await proxy.Connect();
        try
        {
            switch (random.Next(6))
            {
                case 0:
                    break;
                case 1:
                    client.Reset();
                    break;
                case 2:
                    client.Fin();
                    await client.ReceivesEof();
                    break;
                case 3:
                    await client.Send(RandomBytes.Of(random.Next(1, 200_000), seed));
                    client.Reset();
                    break;
                case 4:
                    await client.Send("hello");
                    await client.Receive(5);
                    break;
                default:
                    await client.Send(RandomBytes.Of(random.Next(1, 50_000), seed));
                    client.Fin();
                    await client.ReceiveToEnd();
                    break;
            }
        }
        catch (SocketException)
        {
            // A client that ended with bytes unread has its connection reset, which is one of the ways.
        }
    }
}
