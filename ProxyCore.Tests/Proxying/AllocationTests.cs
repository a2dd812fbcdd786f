using Microsoft.Extensions.Logging;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>In steady state the loop's thread allocates nothing.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class AllocationTests(Parking parking) : ParkingFixture(parking)
{
    private const int Rounds = 2000;

    [TestCase(false)]
    [TestCase(true)]
    public async Task Relaying_allocates_nothing_on_the_loops_thread(bool isLogged)
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(
            upstream.Endpoint, options: options => options.AccessLog = isLogged ? new AccessLogOptions() : null);
        proxy.Log.Minimum = LogLevel.Information;
        using Ends ends = await Ends.Of(proxy, upstream, ConnectionSide.Client);
        await Echo(ends, rounds: 200);

        long before = await Allocated(proxy);
        await Echo(ends, Rounds);
        long allocated = await Allocated(proxy) - before;

        // The looks themselves allocate, now and then also the thread pool's queue that they answer through. But the
        // smallest object is 24 bytes, and one a round would be 24 times this.
        Assert.That(allocated, Is.LessThan(Rounds), "bytes");
    }

    [Test]
    public async Task Connection_costs_nothing_for_an_access_log_that_is_off()
    {
        long off = await AllocatedPerConnection(accessLog: null);
        long on = await AllocatedPerConnection(new AccessLogOptions { Path = "/dev/null" });

        // With it there are a record, a report and an address: together some 250 bytes.
        TestContext.Out.WriteLine($"{off} bytes a connection without, {on} with it");
        Assert.That(on - off, Is.GreaterThan(100));
    }

    private static async Task<long> AllocatedPerConnection(AccessLogOptions? accessLog)
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, options: options => options.AccessLog = accessLog);
        proxy.Log.Minimum = LogLevel.Information;
        await Relay(proxy, connections: 50);
        long before = await Allocated(proxy);
        await Relay(proxy, connections: 200);
        return (await Allocated(proxy) - before) / 200;
    }

    private static async Task Relay(RunningProxy proxy, int connections)
    {
        for (int connection = 0; connection < connections; connection++)
        {
            using Peer client = await proxy.Connect();
            await client.Echoes("hello");
            client.Fin();
            await client.ReceivesEof();
        }
    }

    private static async Task Echo(Ends ends, int rounds)
    {
        byte[] message = RandomBytes.Of(500);
        for (int round = 0; round < rounds; round++)
        {
            await ends.Side.Send(message);
            await ends.Other.Receive(message.Length);
            await ends.Other.Send(message);
            await ends.Side.Receive(message.Length);
        }
    }

    private static Task<long> Allocated(RunningProxy proxy) =>
        proxy.OnLoop(static _ => GC.GetAllocatedBytesForCurrentThread());
}
