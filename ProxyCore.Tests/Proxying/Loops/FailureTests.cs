using ProxyCore.Connections.Listening;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Proxying.Loops;

/// <summary>A loop that can't go on ends the proxy: it is whole or stopped.</summary>
[TestFixture(1, ClientSpread.OwnListeners)]
[TestFixture(3, ClientSpread.OwnListeners)]
[TestFixture(3, ClientSpread.HandOver)]
internal sealed class FailureTests(int loops, ClientSpread spread) : LoopsFixture(loops, spread)
{
    private const int Clients = 30;

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_loop_that_fails_ends_all_and_leaves_nothing(bool first)
    {
        int before = Descriptors.Count();
        var clock = new FailingClock($"ProxyCore loop {(first ? 1 : Loops)}");
        RunningProxy proxy = await Start(clock: clock);
        Peer[] clients = await ConnectServed(proxy, Clients);

        clock.Fail();
        Task talk = Task.WhenAll(clients.Select(static client => client.Send("wake up")));

        Assert.That(
            async () => await Bound.Within("the end", proxy.Proxy.Completion),
            Throws.TypeOf<InvalidTimeZoneException>());
        await talk.ContinueWith(static _ => { }, TaskScheduler.Default);
        await Task.WhenAll(clients.Select(static client => client.ReceiveWhatComes()));
        await Upstream.HasNoConnections();
        Array.ForEach(clients, static client => client.Dispose());
        Assert.Multiple(() =>
        {
            Assert.That(proxy.Proxy.GetStatistics().Active, Is.Zero);
            Assert.That(proxy.Proxy.GetStatistics().Ended[EndReason.Fault], Is.EqualTo(Clients));
            Assert.That(proxy.Log.CountOf("LoopFailed"), Is.EqualTo(1));
            Assert.That(proxy.Log.CountOf("Stopped"), Is.Zero);
            Assert.That(Descriptors.Count(), Is.LessThanOrEqualTo(before));
        });
        await Bound.Within("the disposal", proxy.DisposeAsync().AsTask());
        Assert.That(() => proxy.Proxy.StopAsync(), Throws.TypeOf<InvalidTimeZoneException>());
    }
}
