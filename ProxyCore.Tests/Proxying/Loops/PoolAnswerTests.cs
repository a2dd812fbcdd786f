using Microsoft.Extensions.Time.Testing;
using ProxyCore.Connections.Listening;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying.Loops;

/// <summary>The pools are on the first loop: a client of another waits for their answer, but not without end.</summary>
[LinuxCalls("Its loops have listeners of their own.")]
internal sealed class PoolAnswerTests() : LoopsFixture(2, ClientSpread.OwnListeners)
{
    /// <remarks>The first loop is held up here.</remarks>
    [Test]
    public async Task A_client_whose_pool_does_not_answer_waits_no_longer_than_the_connect_timeout()
    {
        await using var upstream = new EchoUpstream();
        var clock = new FakeTimeProvider();
        await using RunningProxy proxy = await Start(to: upstream, clock: clock);
        using var hold = new ManualResetEventSlim();
        Task held = proxy.OnLoop(_ => hold.Wait(Bound.Wait));
        Peer[] clients = await Connect(proxy, 32);
        int waiting = 0;
        while (waiting == 0)
        {
            waiting = (await Task.WhenAll(proxy.Proxy.Shards.Skip(1).Select(static shard => shard.AskAsync(() => shard.Connections, 0)))).Sum();
        }

        clock.Advance(TimeSpan.FromSeconds(5));

        await proxy.Log.Saw("Ended");
        Assert.That(proxy.Proxy.GetStatistics().Ended[EndReason.ConnectTimeout], Is.Positive);
        hold.Set();
        await held;
        Array.ForEach(clients, static client => client.Dispose());
    }
}
