using ProxyCore.Connections;
using ProxyCore.Connections.Listening;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Proxying.Loops;

/// <summary>What becomes of a client between the loop that accepted it and the one that is to serve it.</summary>
[TestFixture(3, ClientSpread.HandOver)]
internal sealed class HandOverTests(int loops, ClientSpread spread) : LoopsFixture(loops, spread)
{
    private const int Clients = 30;

    [Test]
    public async Task A_loop_that_has_ended_is_handed_nobody()
    {
        await using RunningProxy proxy = await Start();
        Shard ended = proxy.Proxy.Shards[1];
        ended.BeginDrain(Bound.Wait, static () => { }, static () => { });
        await Bound.Within("the end of a loop", ended.Ended);

        await ConnectServed(proxy, Clients);

        Assert.That(ended.Connections, Is.Zero);
        Assert.That(proxy.Proxy.GetStatistics().Active, Is.EqualTo(Clients));
    }

    [Test]
    public async Task Clients_that_were_handed_to_a_loop_that_fails_are_reset_and_logged()
    {
        int before = Descriptors.Count();
        var clock = new FailingClock("ProxyCore loop 2");
        RunningProxy proxy = await Start(options: static options => options.AccessLog = new AccessLogOptions(), clock: clock);
        Shard second = proxy.Proxy.Shards[1];
        using var mayGoOn = new ManualResetEventSlim();
        second.Loop.Post(second, () => mayGoOn.Wait(Bound.Wait));
        Peer[] clients = await Connect(proxy, Clients);
        await proxy.Log.Saw("Accepted", Clients - (Clients / Loops));

        clock.Fail();
        mayGoOn.Set();

        await Task.WhenAll(clients.Select(static client => client.ReceivesReset()));
        Array.ForEach(clients, static client => client.Dispose());
        await Bound.Within("the disposal", proxy.DisposeAsync().AsTask());
        await Upstream.HasNoConnections();
        Assert.That(proxy.Proxy.GetStatistics().Accepted, Is.EqualTo(Clients));
        Assert.That(proxy.Proxy.GetStatistics().Ended[EndReason.Fault], Is.EqualTo(Clients));
        Assert.That(
            proxy.Log.Entries.Where(static entry => entry.Name == "ConnectionEnded").Select(static entry => entry.Text.Split(' ')[0]).Distinct().Count(),
            Is.EqualTo(Clients),
            "one line for each");
        Assert.That(Descriptors.Count(), Is.LessThanOrEqualTo(before));
    }
}
