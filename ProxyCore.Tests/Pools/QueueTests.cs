using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Pools;

/// <summary>When all upstreams are at their maximum clients wait: in order, within bounds.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class QueueTests(Parking parking) : ParkingFixture(parking)
{
    private TestUpstream _upstream = null!;
    private Peer? _busy;
    private Peer? _server;

    [SetUp]
    public void StartUpstream() => _upstream = new TestUpstream();

    [TearDown]
    public async Task End()
    {
        _busy?.Dispose();
        _server?.Dispose();
        await _upstream.DisposeAsync();
    }

    [Test]
    public async Task Clients_wait_for_a_place_and_get_it_in_the_order_of_their_coming()
    {
        await using RunningProxy proxy = await StartFull();
        var waiting = new List<Peer>();
        for (int i = 0; i < 5; i++)
        {
            Peer client = await proxy.Connect();
            await client.Send($"{i}");
            waiting.Add(client);
            await proxy.Log.Saw("Queued", i + 1);
        }

        Peer before = _server!;
        _busy!.Reset();
        for (int i = 0; i < 5; i++)
        {
            Peer next = await _upstream.Accept();
            Assert.That(await next.ReceiveText(1), Is.EqualTo($"{i}"));
            waiting[i].Reset();
            before.Dispose();
            before = next;
        }

        before.Dispose();
        waiting.ForEach(static client => client.Dispose());
        await proxy.Ended(6);
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Never_more_reach_an_upstream_than_its_maximum()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, AtMost(3));

        await Task.WhenAll(Enumerable.Range(0, 60).Select(async _ =>
        {
            using Peer client = await proxy.Connect();
            await client.Echoes("hello");
            client.Fin();
            await client.ReceivesEof();
        }));

        Assert.That(upstream.Accepted, Is.EqualTo(60));
        Assert.That(upstream.MostAtOnce, Is.LessThanOrEqualTo(3));
    }

    [Test]
    public async Task One_more_than_the_queue_takes_is_refused()
    {
        await using RunningProxy proxy = await StartFull(AtMost(1, limit: 2));
        using Peer first = await proxy.Connect();
        using Peer second = await proxy.Connect();
        await proxy.Log.Saw("Queued", 2);

        using Peer third = await proxy.Connect();

        await third.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.QueueFull));
    }

    [Test]
    public async Task Limit_of_zero_lets_nobody_wait()
    {
        await using RunningProxy proxy = await StartFull(AtMost(1, limit: 0));

        using Peer second = await proxy.Connect();

        await second.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.QueueFull));
    }

    [Test]
    public async Task Wait_has_a_bound()
    {
        await using RunningProxy proxy = await StartFullOnFakeClock();
        using Peer second = await proxy.Connect();
        await proxy.Log.Saw("Queued");

        proxy.Clock!.Advance(TimeSpan.FromSeconds(9.9));
        await proxy.OnLoop(static _ => true);
        Assert.That(proxy.Log.CountOf("Ended"), Is.Zero);
        proxy.Clock.Advance(TimeSpan.FromSeconds(0.1));

        await second.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.QueueTimeout));
    }

    [Test]
    public async Task Time_in_the_queue_is_not_taken_from_the_time_to_connect()
    {
        await using RunningProxy proxy = await StartFullOnFakeClock();
        using Peer second = await proxy.Connect();
        await second.Send("x");
        await proxy.Log.Saw("Queued");

        proxy.Clock!.Advance(TimeSpan.FromSeconds(9));
        _busy!.Reset();
        using Peer next = await _upstream.Accept();

        Assert.That(await next.ReceiveText(1), Is.EqualTo("x"));
    }

    /// <remarks>The slot comes free, and the newcomer's request is made, in one turn of the loop: before the queue was served.</remarks>
    [Test]
    public async Task A_newcomer_does_not_overtake_those_that_wait()
    {
        await using RunningProxy proxy = await StartFull();
        using Peer waiting = await proxy.Connect();
        await waiting.Send("w");
        await proxy.Log.Saw("Queued");
        using var hold = new ManualResetEventSlim();
        Task held = proxy.OnLoop(_ => hold.Wait(Bound.Wait));

        _server!.Reset();
        using Peer newcomer = await proxy.Connect();
        await newcomer.Send("n");
        hold.Set();
        await held;

        using (Peer first = await _upstream.Accept())
        {
            Assert.That(await first.ReceiveText(1), Is.EqualTo("w"));
            waiting.Reset();
        }

        using Peer second = await _upstream.Accept();
        Assert.That(await second.ReceiveText(1), Is.EqualTo("n"));
    }

    [Test]
    public async Task A_client_that_resets_while_it_waits_frees_its_position_at_once()
    {
        await using RunningProxy proxy = await StartFull(AtMost(1, limit: 1));
        using Peer second = await proxy.Connect();
        await proxy.Log.Saw("Queued");

        second.Reset();

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientReset));
        using Peer third = await proxy.Connect();
        await third.Send("3");
        await proxy.Log.Saw("Queued", 2);
        _busy!.Reset();
        using Peer next = await _upstream.Accept();
        Assert.That(await next.ReceiveText(1), Is.EqualTo("3"));
        Assert.That(_upstream.Accepted, Is.EqualTo(2));
    }

    [Test]
    public async Task A_client_that_sends_and_finishes_while_it_waits_keeps_its_position()
    {
        await using RunningProxy proxy = await StartFull();
        using Peer second = await proxy.Connect();
        await proxy.Log.Saw("Queued");

        await second.Send("all");
        second.Fin();
        _busy!.Reset();

        using Peer next = await _upstream.Accept();
        Assert.That(await next.ReceiveToEnd(), Is.EqualTo("all"u8.ToArray()));
    }

    [Test]
    public async Task Connections_that_are_cut_while_they_wait_leave_the_queue()
    {
        await using RunningProxy proxy = await StartFull();
        using Peer second = await proxy.Connect();
        await proxy.Log.Saw("Queued");

        await proxy.OnLoop(static shard =>
        {
            shard.Routes.Find(2)!.Cut(EndReason.Shutdown);
            return true;
        });

        await second.ReceivesReset();
        Assert.That(await proxy.OnLoop(shard => shard.RouteSet.Pools.First().Queued), Is.Zero);
    }

    [Test]
    public async Task Backup_is_not_used_when_the_others_are_only_full()
    {
        await using var backup = new EchoUpstream();
        await using RunningProxy proxy = await StartFull(AtMost(1) + (route => route.AddBackup(backup.Endpoint)));

        using Peer second = await proxy.Connect();
        await proxy.Log.Saw("Queued");

        Assert.That(backup.Accepted, Is.Zero);
    }

    [Test]
    public async Task Clients_who_wait_are_closed_when_no_upstream_is_left()
    {
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(
            _upstream.Endpoint, AtMost(1) + (static route => route.HealthCheck = new HealthCheckOptions { Fall = 1, Expect = "never" }));
        using Peer busy = await proxy.Connect();
        using Peer second = await proxy.Connect();
        await proxy.Log.Saw("Queued");

        proxy.Clock!.Advance(TimeSpan.FromSeconds(2));

        await second.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.NoUpstream));
    }

    /// <summary>A proxy whose upstream has all the connections that it may have: one.</summary>
    private Task<RunningProxy> StartFull(Action<RouteOptions>? route = null) => Fill(RunningProxy.To(_upstream.Endpoint, route ?? AtMost(1)));

    private Task<RunningProxy> StartFullOnFakeClock() => Fill(RunningProxy.OnFakeClock(_upstream.Endpoint, AtMost(1)));

    private async Task<RunningProxy> Fill(Task<RunningProxy> started)
    {
        RunningProxy proxy = await started;
        _busy = await proxy.Connect();
        _server = await _upstream.Accept();
        return proxy;
    }

    private static Action<RouteOptions> AtMost(int connections, int limit = 1024) => route =>
    {
        route.Upstreams[0].MaxConnections = connections;
        route.QueueLimit = limit;
    };
}
