using Microsoft.Extensions.Time.Testing;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Sharing;

/// <summary>Proxies that share what is set by hand on one of them.</summary>
internal sealed class SharingTests
{
    private static readonly DenyOptions _hour = new() { Duration = TimeSpan.FromHours(1) };

    private readonly List<RunningProxy> _proxies = [];
    private EchoUpstream _upstream = null!;
    private FakeTimeProvider _clock = null!;
    private FakeStore _store = null!;
    private RunningProxy _one = null!;
    private RunningProxy _other = null!;

    private string Upstream => _upstream.Endpoint.ToString()!;

    [SetUp]
    public async Task StartProxies()
    {
        _clock = new FakeTimeProvider();
        _store = new FakeStore(_clock);
        _upstream = new EchoUpstream();
        _one = await Start();
        _other = await Start();
    }

    [TearDown]
    public async Task StopProxies()
    {
        foreach (RunningProxy proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }

        _proxies.Clear();
        await _upstream.DisposeAsync();
    }

    [Test]
    public async Task Denied_client_is_denied_on_all_and_let_in_again_on_all()
    {
        await _one.Proxy.DenyAsync("127.0.0.1", _hour);

        await Until(() => IsDenied(_other));
        using (Peer refused = await _other.Connect())
        {
            await refused.ReceivesReset();
        }

        await _other.Proxy.RemoveDenyAsync("127.0.0.1");
        await Until(() => !IsDenied(_one));
        await _one.Serves(1);
    }

    [Test]
    public async Task Open_connections_of_a_denied_client_end_on_all()
    {
        using Peer client = await _other.Connect();
        await client.Echoes("before");

        await _one.Proxy.DenyAsync("127.0.0.0/8", new DenyOptions { EndConnections = true });

        await client.ReceivesReset();
        Assert.That(await _other.EndReason(), Is.EqualTo(EndReason.ClientCut));
    }

    [Test]
    public async Task What_is_set_of_an_upstream_is_set_on_all_and_given_back_on_all()
    {
        await _one.Proxy.SetUpstreamAsync(new UpstreamChange { Upstream = Upstream, State = UpstreamAdministration.Drain, Weight = 7, MaxConnections = 9 });

        await Until(async () => await Of(_other) is { Administration: UpstreamAdministration.Drain, Weight: 7, MaxConnections: 9 });
        await _other.Proxy.SetUpstreamAsync(new UpstreamChange { Upstream = Upstream, State = UpstreamAdministration.Ready, MaxConnections = null });
        await Until(async () => await Of(_one) is { Administration: UpstreamAdministration.Ready, Weight: 7, MaxConnections: null });
    }

    [Test]
    public async Task Connections_of_a_drained_upstream_end_on_all_when_that_is_asked_for_and_only_once()
    {
        using Peer client = await _other.Connect();
        await client.Echoes("before");

        await _one.Proxy.SetUpstreamAsync(new UpstreamChange { Upstream = Upstream, State = UpstreamAdministration.Drain, EndConnections = true });

        await client.ReceivesReset();
        Assert.That(await _other.EndReason(), Is.EqualTo(EndReason.UpstreamCut));
    }

    [Test]
    public async Task Lost_event_is_made_good_by_the_next_reading()
    {
        _store.LosesEvents = true;

        await _one.Proxy.DenyAsync("127.0.0.1", _hour);
        await Until(() => IsDenied(_other));
        await _one.Proxy.RemoveDenyAsync("127.0.0.1");
        await Until(() => !IsDenied(_other));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task While_the_store_is_away_each_goes_on_and_says_so_once_and_then_nothing_is_missed(bool isSilent)
    {
        await _one.Proxy.DenyAsync("192.0.2.1", _hour);
        await Until(() => IsDenied(_other, "192.0.2.1"));
        (_store.IsSilent, _store.IsAway) = (isSilent, !isSilent);
        await Until(() => IsAway(_one) && IsAway(_other));

        await _one.Proxy.DenyAsync("127.0.0.1", _hour);
        await _one.Proxy.RemoveDenyAsync("192.0.2.1");
        await _other.Proxy.SetUpstreamAsync(new UpstreamChange { Upstream = Upstream, Weight = 7 });
        await Advance(seconds: 5);

        Assert.That(IsDenied(_one) && !IsDenied(_other) && IsDenied(_other, "192.0.2.1"), Is.True);
        string cause = isSilent ? "no answer within 2 s" : "it is away";
        Assert.That(
            _one.Log.TextsOf("SharedStateAway"),
            Is.EqualTo([$"The shared state is not reachable: {cause}; this proxy goes on with what it knows, and tries again"]));
        Assert.That((await Status(_one)).Error, Is.EqualTo(cause));
        Assert.That((await Status(_one)).Unsaved, Is.EqualTo(2));

        (_store.IsSilent, _store.IsAway) = (false, false);

        await Until(async () => IsDenied(_other) && !IsDenied(_other, "192.0.2.1") && (await Of(_one)).Weight == 7);
        await Until(async () => await Status(_one) is { IsReachable: true, Error: null, Unsaved: 0 });
    }

    [Test]
    public async Task Emptied_store_lifts_no_ban_and_gets_it_back()
    {
        await _one.Proxy.DenyAsync("127.0.0.1", _hour);
        await _one.Proxy.SetUpstreamAsync(new UpstreamChange { Upstream = Upstream, State = UpstreamAdministration.Drain });
        await Until(() => IsDenied(_other) && _store.Texts.Count == 2);

        _store.Clear();

        await Until(() => _store.Texts.Count == 2);
        Assert.That(IsDenied(_one) && IsDenied(_other), Is.True);
        Assert.That((await Of(_other)).Administration, Is.EqualTo(UpstreamAdministration.Drain));
    }

    [Test]
    public async Task Proxy_that_starts_again_has_all_of_it_with_the_time_that_is_left()
    {
        await _one.Proxy.DenyAsync("127.0.0.1", _hour);
        await _one.Proxy.SetUpstreamAsync(new UpstreamChange { Upstream = Upstream, State = UpstreamAdministration.Disabled });
        await Until(() => _store.Texts.Count == 2);
        _clock.Advance(TimeSpan.FromMinutes(40));

        RunningProxy again = await Start();

        Assert.That(again.Proxy.GetDenied().Single().Remaining, Is.EqualTo(TimeSpan.FromMinutes(20)));
        Assert.That((await Of(again)).Administration, Is.EqualTo(UpstreamAdministration.Disabled));
    }

    [Test]
    public async Task Ban_ends_by_each_proxys_own_clock_while_the_store_is_away()
    {
        await _one.Proxy.DenyAsync("127.0.0.1", new DenyOptions { Duration = TimeSpan.FromMinutes(1) });
        await Until(() => IsDenied(_other));
        _store.IsAway = true;

        await Advance(seconds: 60);

        await _other.Serves(1);
        _store.IsAway = false;
        await Advance(seconds: 40);
        Assert.That(IsDenied(_one) || IsDenied(_other), Is.False);
    }

    [Test]
    public async Task What_is_set_of_an_upstream_that_a_proxy_does_not_have_waits_until_it_has()
    {
        const string Added = "192.0.2.9:80";
        TcpProxyOptions options = _one.Proxy.GetOptions();
        options.Routes[0].Upstreams.Add(new UpstreamOptions { Address = Added });
        await _one.Proxy.ApplyAsync(options);
        await _one.Proxy.SetUpstreamAsync(new UpstreamChange { Upstream = Added, State = UpstreamAdministration.Drain });
        await Until(async () => (await Status(_other)).NotInForce == 1);

        TcpProxyOptions others = _other.Proxy.GetOptions();
        others.Routes[0].Upstreams.Add(new UpstreamOptions { Address = Added });
        await _other.Proxy.ApplyAsync(others);

        await Until(async () => (await _other.Proxy.GetSnapshotAsync(0)).Routes[0].Upstreams[1].Administration == UpstreamAdministration.Drain);
        Assert.That(
            _other.Log.TextsOf("SharedUpstreamUnknown"), Is.EqualTo([$"What others have set of upstream {Added} of route web waits until this proxy has it"]));
    }

    [Test]
    public async Task Upstream_that_a_reload_brings_back_is_drained_again_though_the_store_is_away()
    {
        const string Added = "192.0.2.9:80";
        TcpProxyOptions with = _one.Proxy.GetOptions();
        TcpProxyOptions without = _one.Proxy.GetOptions();
        with.Routes[0].Upstreams.Add(new UpstreamOptions { Address = Added });
        await _one.Proxy.ApplyAsync(with);
        await _one.Proxy.SetUpstreamAsync(new UpstreamChange { Upstream = Added, State = UpstreamAdministration.Drain });
        _store.IsAway = true;

        await _one.Proxy.ApplyAsync(without);
        await _one.Proxy.ApplyAsync(with);

        Assert.That((await _one.Proxy.GetSnapshotAsync(0)).Routes[0].Upstreams[1].Administration, Is.EqualTo(UpstreamAdministration.Drain));
    }

    [Test]
    public async Task Ban_that_has_no_room_is_told_and_in_force_as_soon_as_there_is()
    {
        RunningProxy small = await Start(mostDenied: 1);
        await small.Proxy.DenyAsync("192.0.2.1", new DenyOptions { Duration = TimeSpan.FromSeconds(10) });
        await Until(() => IsDenied(_one, "192.0.2.1"));

        await _one.Proxy.DenyAsync("127.0.0.1", _hour);

        await Until(() => small.Log.CountOf("SharedDenyLeftOut") == 1);
        Assert.That(IsDenied(small), Is.False);
        await Until(() => IsDenied(small), atMost: 60);
        Assert.That(small.Log.CountOf("SharedDenyLeftOut"), Is.EqualTo(1));
    }

    [Test]
    public async Task Nothing_is_shared_with_a_second_store() => Assert.That(
        Assert.ThrowsAsync<InvalidOperationException>(() => _one.Proxy.ShareAsync(_store))!.Message, Is.EqualTo("The proxy shares a state already."));

    [Test]
    public async Task Start_does_not_wait_for_a_store_that_is_away()
    {
        _store.IsAway = true;

        RunningProxy early = await Start();

        await early.Serves(1);
        Assert.That(IsAway(early), Is.True);
    }

    private static bool IsDenied(RunningProxy proxy, string address = "127.0.0.1") => proxy.Proxy.GetDenied().Any(one => one.Address == address);

    private static bool IsAway(RunningProxy proxy) => proxy.Log.CountOf("SharedStateAway") > 0;

    private static async Task<UpstreamSnapshot> Of(RunningProxy proxy) => (await proxy.Proxy.GetSnapshotAsync(0)).Routes[0].Upstreams[0];

    private static async Task<SharedStateStatus> Status(RunningProxy proxy) => (await proxy.Proxy.GetSnapshotAsync(0)).SharedState!;

    private async Task<RunningProxy> Start(int mostDenied = 100)
    {
        RunningProxy proxy = await RunningProxy.OnLoops(
            1, default, _upstream.Endpoint, static route => route.Name = "web", options => options.MaxDenied = mostDenied, _clock);
        _proxies.Add(proxy);
        await Bound.Within("the first reading", proxy.Proxy.ShareAsync(_store));
        return proxy;
    }

    private Task Until(Func<bool> holds, int atMost = 10) => Until(() => Task.FromResult(holds()), atMost);

    /// <summary>Lets time go on, second by second, until something holds. What needs no time has some to happen.</summary>
    private async Task Until(Func<Task<bool>> holds, int atMost = 10)
    {
        for (int second = 0; second <= atMost; second++)
        {
            for (int look = 0; look < 20; look++)
            {
                if (await holds())
                {
                    return;
                }

                await Task.Delay(1);
            }

            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Fail($"in vain for {atMost} s");
    }

    private async Task Advance(int seconds)
    {
        for (int second = 0; second < seconds; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }
    }
}
