using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Connections.Faults;
using ProxyCore.Settings;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Faults;

/// <summary>The toxics of a route as the configuration, the user's code and time change them.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class RouteToxicsTests
{
    private static readonly LatencyToxic _slow = new() { Name = "slow", Latency = TimeSpan.FromSeconds(1) };
    private static readonly LatencyToxic _slower = new() { Name = "slow", Latency = TimeSpan.FromSeconds(2) };
    private static readonly NoOpToxic _other = new() { Name = "other" };

    private readonly FakeTimeProvider _clock = new();
    private readonly RecordedLog _log = new(LogLevel.Information);

    [Test]
    public void Reload_adds_changes_and_removes_what_the_configuration_says_anew()
    {
        RouteToxics toxics = Make();

        Assert.That(toxics.Follow([], Settings(_slow, _other), 0), Is.True);
        RouteToxic slow = toxics.Find("slow")!;
        Assert.That(toxics.Follow(Settings(_slow, _other), Settings(_slower), 0), Is.True);

        Assert.That(toxics.All, Is.EqualTo([slow]));
        Assert.That($"{slow.Settings.Toxic}", Does.Contain("latency=2000ms"));
        Assert.That(toxics.Follow(Settings(_slower), Settings(_slower), 0), Is.False);
    }

    [Test]
    public void Reload_leaves_alone_what_was_done_by_hand_where_the_configuration_says_nothing_new()
    {
        RouteToxics toxics = Make();
        toxics.Follow([], Settings(_slow, _other), 0);
        toxics.TryRemove(toxics.Find("other")!);
        toxics.TryChange(toxics.Find("slow")!, ToxicReader.Read(_slower));
        toxics.TryAdd(ToxicReader.Read(new RefuseToxic()), 0);

        toxics.Follow(Settings(_slow, _other), Settings(_slow, _other), 0);

        Assert.That(toxics.All.Select(static one => $"{one.Name}: {one.Settings.Toxic.GetType().Name}"), Is.EqualTo(["slow: LatencyToxic", "refuse: RefuseToxic"]));
        Assert.That($"{toxics.Find("slow")!.Settings.Toxic}", Does.Contain("latency=2000ms"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Entry_of_another_type_or_stream_is_another_toxic_because_stages_have_one_type_and_one_direction(bool isStream)
    {
        RouteToxics toxics = Make();
        toxics.Follow([], Settings(_slow), 0);
        RouteToxic before = toxics.Find("slow")!;
        Toxic after = isStream ? new LatencyToxic { Name = "slow", Stream = ToxicDirection.Upstream } : new NoOpToxic { Name = "slow" };

        toxics.Follow(Settings(_slow), Settings(after), 0);

        Assert.That(toxics.All, Has.Count.EqualTo(1).And.None.SameAs(before));
        Assert.That(toxics.TryChange(before, ToxicReader.Read(_slower)), Is.False);
    }

    [Test]
    public void Each_change_is_one_line_and_names_are_escaped()
    {
        RouteToxics toxics = Make();

        RouteToxic toxic = toxics.TryAdd(ToxicReader.Read(new RefuseToxic { Name = "a\u001b[31m\nb", Toxicity = 0.5 }), 0)!;
        toxics.TryChange(toxic, ToxicReader.Read(new RefuseToxic { Name = toxic.Name, Duration = TimeSpan.FromSeconds(5) }));
        _clock.Advance(TimeSpan.FromSeconds(5));
        toxics.TryRemove(toxics.TryAdd(ToxicReader.Read(new RefuseToxic()), 0)!);

        Assert.That(_log.Entries.Select(static entry => entry.Text), Is.EqualTo(
        [
            "Toxic a?[31m?b added to route web: refuse end=Reset toxicity=0.5",
            "Toxic a?[31m?b of route web changed: refuse end=Reset",
            "Toxic a?[31m?b of route web expired; it acted on 0 connections and ended 0",
            "Toxic refuse added to route web: refuse end=Reset",
            "Toxic refuse removed from route web; it acted on 0 connections and ended 0",
        ]));
        Assert.That(_log.Entries.Select(static entry => entry.Level), Is.All.EqualTo(LogLevel.Information));
    }

    [Test]
    public async Task Toxic_with_a_duration_acts_until_that_is_over()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(
            upstream.Endpoint, static route => route.Toxics.Add(new RefuseToxic { Duration = TimeSpan.FromSeconds(30) }));
        using (Peer refused = await proxy.Connect())
        {
            await refused.ReceivesReset();
        }

        proxy.Clock!.Advance(TimeSpan.FromSeconds(30));

        Assert.That(proxy.Proxy.GetToxics(), Is.Empty);
        await proxy.Serves(1);
    }

    [Test]
    public async Task Nothing_expires_once_the_proxy_has_ended()
    {
        await using var upstream = new EchoUpstream();
        RunningProxy proxy = await RunningProxy.OnFakeClock(
            upstream.Endpoint, static route => route.Toxics.Add(new RefuseToxic { Duration = TimeSpan.FromSeconds(30) }));
        await proxy.DisposeAsync();

        proxy.Clock!.Advance(TimeSpan.FromSeconds(30));

        Assert.That(proxy.Log.CountOf("ToxicExpired"), Is.Zero);
    }

    [Test]
    public async Task Snapshot_has_the_toxics_of_each_route_in_the_order_of_their_effect()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, static route => route.Name = "web");
        await proxy.Proxy.AddToxicAsync(new RefuseToxic { TakeConnections = 1 });
        await proxy.Proxy.AddToxicAsync(new ConnectDelayToxic { Toxicity = 0, Name = "never" });
        using (Peer refused = await proxy.Connect())
        {
            await refused.ReceivesReset();
        }

        await proxy.Serves(1);
        IReadOnlyList<ToxicSnapshot> toxics = (await proxy.Proxy.GetSnapshotAsync()).Routes.Single().Toxics;

        Assert.That(
            toxics.Select(static one => (one.Name, one.Type, one.Stream, one.Toxicity, one.Description, one.Connections, one.EndedConnections)),
            Is.EqualTo([("refuse", "refuse", ToxicDirection.Downstream, 1.0, "refuse end=Reset", 1, 1), ("never", "connect_delay", ToxicDirection.Downstream, 0.0, "connect_delay delay=0ms", 0, 0)]));
    }

    private static ValueList<ToxicSettings> Settings(params Toxic[] toxics) => [.. toxics.Select(ToxicReader.Read)];

    private RouteToxics Make() => new(_clock, _log) { Route = "web" };
}
