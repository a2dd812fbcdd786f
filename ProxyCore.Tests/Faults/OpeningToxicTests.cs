using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Identity;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Faults;

/// <summary>Toxics that act before a connection relays: they delay its connect, or refuse it.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class OpeningToxicTests
{
    private EchoUpstream _upstream = null!;

    [SetUp]
    public void StartUpstream() => _upstream = new EchoUpstream();

    [TearDown]
    public async Task StopUpstream() => await _upstream.DisposeAsync();

    [TestCase(ToxicEnd.Reset)]
    [TestCase(ToxicEnd.Fin)]
    public async Task Refused_client_gets_its_end_without_an_upstream_and_the_report_names_the_toxic(ToxicEnd end)
    {
        var last = new LastReport();
        await using RunningProxy proxy = await RunningProxy.To(
            _upstream.Endpoint,
            route => route.Toxics.Add(new RefuseToxic { End = end, Name = "closed today" }),
            options => options.ConnectionObservers.Add(last));
        using Peer client = await proxy.Connect();

        await (end == ToxicEnd.Reset ? client.ReceivesReset() : client.ReceivesEof());

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.Toxic));
        Assert.That((await last.Ended).Toxic, Is.EqualTo("closed today"));
        ActiveToxic toxic = proxy.Proxy.GetToxics().Single();
        Assert.That((toxic.Connections, toxic.EndedConnections, _upstream.Accepted), Is.EqualTo((1, 1, 0)));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Delays_add_up_before_the_upstream_is_connected()
    {
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(_upstream.Endpoint, static route =>
        {
            route.Toxics.Add(new ConnectDelayToxic { Delay = TimeSpan.FromMilliseconds(300) });
            route.Toxics.Add(new ConnectDelayToxic { Delay = TimeSpan.FromMilliseconds(200), Name = "more" });
        });
        using Peer client = await proxy.Connect();
        await IsWaiting(proxy);

        proxy.Clock!.Advance(TimeSpan.FromMilliseconds(499));
        await proxy.OnLoop(static _ => true);
        await proxy.OnLoop(static _ => true);
        Assert.That((_upstream.Accepted, proxy.Log.CountOf("Connecting")), Is.EqualTo((0, 0)));

        proxy.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await client.Echoes("late");
        Assert.That(proxy.Proxy.GetToxics().Select(static one => (one.Connections, one.EndedConnections)), Is.EqualTo([(1, 0), (1, 0)]));
    }

    [Test]
    public async Task Removal_of_a_delay_lets_those_go_on_at_once_that_wait_for_it()
    {
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(_upstream.Endpoint);
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new ConnectDelayToxic { Delay = TimeSpan.FromDays(1) });
        using Peer client = await proxy.Connect();
        await IsWaiting(proxy);

        await toxic.RemoveAsync();

        await client.Echoes("at once");
    }

    [Test]
    public async Task Change_of_a_delay_is_followed_by_those_that_wait()
    {
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(_upstream.Endpoint);
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new ConnectDelayToxic { Delay = TimeSpan.FromDays(1) });
        using Peer client = await proxy.Connect();
        await IsWaiting(proxy);

        await toxic.UpdateAsync(new ConnectDelayToxic { Delay = TimeSpan.FromSeconds(1) });
        await proxy.OnLoop(static _ => true);
        Assert.That(proxy.Log.CountOf("Connecting"), Is.Zero);
        proxy.Clock!.Advance(TimeSpan.FromSeconds(1));

        await client.Echoes("sooner");
    }

    [Test]
    public async Task Refusal_comes_behind_the_delay()
    {
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(_upstream.Endpoint, static route =>
        {
            route.Toxics.Add(new RefuseToxic());
            route.Toxics.Add(new ConnectDelayToxic { Delay = TimeSpan.FromSeconds(1) });
        });
        using Peer client = await proxy.Connect();
        await IsWaiting(proxy);

        proxy.Clock!.Advance(TimeSpan.FromSeconds(1));

        await client.ReceivesReset();
        Assert.That((await proxy.EndReason(), _upstream.Accepted), Is.EqualTo((EndReason.Toxic, 0)));
        await proxy.HoldsNothing();
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Without a read no reset shows there.")]
    public async Task Client_that_is_gone_frees_at_once_what_a_delay_holds()
    {
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(
            _upstream.Endpoint, static route => route.Toxics.Add(new ConnectDelayToxic { Delay = TimeSpan.FromDays(1) }));
        Peer client = await proxy.Connect();
        await IsWaiting(proxy);

        client.Reset();

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientReset));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Third_connection_alone_is_refused_where_two_are_skipped_and_one_is_taken()
    {
        await using RunningProxy proxy = await RunningProxy.To(
            _upstream.Endpoint, static route => route.Toxics.Add(new RefuseToxic { SkipConnections = 2, TakeConnections = 1 }));

        await proxy.Serves(2);
        using (Peer third = await proxy.Connect())
        {
            await third.ReceivesReset();
        }

        await proxy.Serves(2);
    }

    /// <summary>It has been accepted, and its loop has done the rest of that turn: the timer of the delay runs.</summary>
    private static async Task IsWaiting(RunningProxy proxy)
    {
        await proxy.Log.Saw("Accepted");
        await proxy.OnLoop(static _ => true);
    }
}
