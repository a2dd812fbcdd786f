using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Statistics;

/// <summary>What a snapshot tells of an upstream: since when it is as it is and why, its last check, what it carries.</summary>
internal sealed class UpstreamFiguresTests
{
    private EchoUpstream _upstream = null!;

    [SetUp]
    public void StartUpstream() => _upstream = new EchoUpstream();

    [TearDown]
    public async Task StopUpstream() => await _upstream.DisposeAsync();

    [Test]
    public async Task Upstream_that_is_down_tells_since_when_and_why()
    {
        using var refused = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(
            refused.Endpoint, static route => route.HealthCheck = new HealthCheckOptions { Fall = 1 });
        DateTimeOffset began = proxy.Clock!.GetUtcNow();
        await proxy.Log.Saw("UpstreamDown");

        UpstreamSnapshot down = await Upstream(proxy);

        Assert.That((down.State, down.StateSince, down.Cause), Is.EqualTo((UpstreamState.Down, (DateTimeOffset?)began, "connection refused")));
        Assert.That(
            (down.LastCheckAt, down.LastCheckDuration, down.LastCheckFailure),
            Is.EqualTo(((DateTimeOffset?)began, (TimeSpan?)TimeSpan.Zero, "connection refused")));
    }

    [Test]
    public async Task Check_that_succeeds_has_its_time()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(
            upstream.Endpoint, static route => route.HealthCheck = new HealthCheckOptions { Expect = "ok" });
        using Peer check = await upstream.Accept();
        proxy.Clock!.Advance(TimeSpan.FromMilliseconds(300));
        await check.Send("ok");
        await proxy.Log.Saw("HealthCheckSucceeded");

        UpstreamSnapshot up = await Upstream(proxy);

        Assert.That((up.State, up.StateSince, up.Cause, up.LastCheckFailure), Is.EqualTo((UpstreamState.Up, (DateTimeOffset?)null, (string?)null, (string?)null)));
        Assert.That(up.LastCheckDuration, Is.EqualTo(TimeSpan.FromMilliseconds(300)));
    }

    [Test]
    public async Task Only_upstream_stays_up_and_tells_that_connects_fail()
    {
        using var refused = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(refused.Endpoint, static route => route.ConnectAttempts = 1);
        DateTimeOffset began = proxy.Clock!.GetUtcNow();
        await IsReset(proxy);
        proxy.Clock.Advance(TimeSpan.FromSeconds(5));
        await IsReset(proxy);

        UpstreamSnapshot failing = await Upstream(proxy);
        await using EchoUpstream back = refused.ComeBack();
        await proxy.Serves(1);
        UpstreamSnapshot well = await Upstream(proxy);

        Assert.That(
            (failing.State, failing.FailuresInRow, failing.FailingSince, failing.Cause),
            Is.EqualTo((UpstreamState.Up, 2, (DateTimeOffset?)began, "connection refused")));
        Assert.That((well.FailuresInRow, well.FailingSince, well.Cause), Is.EqualTo((0, (DateTimeOffset?)null, (string?)null)));
    }

    [Test]
    public async Task Bytes_and_connections_a_second_are_those_of_each_upstream()
    {
        await using var other = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(
            _upstream.Endpoint, route => route.Upstreams.Add(new UpstreamOptions { Address = other.Endpoint.ToString()!, Backup = true }));
        using Crowd crowd = await Crowd.OfEchoes(proxy.Endpoint, 3);
        await proxy.HasRelayed(ConnectionSide.Upstream, 15);
        proxy.Clock!.Advance(TimeSpan.FromSeconds(1));
        UpstreamSnapshot[] busy = await Upstreams(proxy);
        proxy.Clock.Advance(TimeSpan.FromSeconds(1));
        UpstreamSnapshot[] idle = await Upstreams(proxy);

        Assert.That(busy.Select(static one => (one.BytesToUpstream, one.BytesToClients)), Is.EqualTo([(15L, 15L), (0L, 0L)]));
        Assert.That(busy.Select(static one => (one.ConnectedPerSecond, one.MostConnectedPerSecond)), Is.EqualTo([(3, 3), (0, 0)]));
        Assert.That(idle.Select(static one => (one.ConnectedPerSecond, one.MostConnectedPerSecond)), Is.EqualTo([(0, 3), (0, 0)]));
    }

    private static async Task IsReset(RunningProxy proxy)
    {
        using Peer client = await proxy.Connect();
        await client.ReceivesReset();
    }

    private static async Task<UpstreamSnapshot> Upstream(RunningProxy proxy) => (await Upstreams(proxy)).Single();

    private static async Task<UpstreamSnapshot[]> Upstreams(RunningProxy proxy)
    {
        await proxy.OnLoop(static _ => true);
        return [.. (await proxy.Proxy.GetSnapshotAsync(0)).Routes.Single().Upstreams];
    }
}
