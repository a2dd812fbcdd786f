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

        await proxy.AllocatesNothingWhile(() => Echo(ends, Rounds));
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
}
