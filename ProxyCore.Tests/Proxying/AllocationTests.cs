using Microsoft.Extensions.Logging;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>In steady state the loop's thread allocates nothing.</summary>
public class AllocationTests
{
    private const int Rounds = 2000;

    [Test]
    public async Task Relaying_allocates_nothing_on_the_loops_thread()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        proxy.Log.Minimum = LogLevel.Information;
        using Ends ends = await Ends.Of(proxy, upstream, ConnectionSide.Client);
        await Echo(ends, rounds: 200);
        await Allocated(proxy);

        long before = await Allocated(proxy);
        long cost = await Allocated(proxy) - before;
        await Echo(ends, Rounds);
        long after = await Allocated(proxy);

        Assert.That(after - before - (2 * cost), Is.LessThanOrEqualTo(0), "bytes beyond what the looks themselves cost");
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
