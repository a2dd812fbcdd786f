using System.Text;
using ProxyCore.Tests.Certificates;
using ProxyCore.Tests.Cli;

namespace ProxyCore.Tests.Sharing;

/// <summary>Three proxies that share what is set by hand in a Redis that is killed, paused, emptied, started again, or out of reach of one.</summary>
[Platform(Exclude = "Win", Reason = "Redis listens on a Unix socket.")]
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RedisSharingTests
{
    private const string Upstream = "127.0.0.1:9";
    private static readonly DenyOptions _hour = new() { Duration = TimeSpan.FromHours(1) };
    private static readonly UpstreamChange _drain = new() { Upstream = Upstream, State = UpstreamAdministration.Drain };

    private readonly List<RedisNode> _nodes = [];
    private RedisServer? _redis;

    [TearDown]
    public async Task Stop()
    {
        foreach (RedisNode node in _nodes)
        {
            await node.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }

    [Test]
    public async Task What_is_set_on_one_acts_on_all_within_a_second_and_is_there_after_a_restart()
    {
        await StartNodes(3);

        await _nodes[0].Proxy.DenyAsync("192.0.2.0/24", _hour);
        await _nodes[1].Proxy.SetUpstreamAsync(_drain);
        Assert.That(await AllAre("192.0.2.0/24 | Drain False 1"), Is.LessThan(TimeSpan.FromSeconds(1)));
        await _nodes[2].Proxy.RemoveDenyAsync("192.0.2.0/24");
        Assert.That(await AllAre(" | Drain False 1"), Is.LessThan(TimeSpan.FromSeconds(1)));

        await _nodes[0].Proxy.DenyAsync("192.0.2.7", _hour);
        await AllAre("192.0.2.7 | Drain False 1");
        RedisNode again = await RedisNode.StartAsync(_redis!);
        _nodes.Add(again);
        Assert.That(await again.StateAsync(), Is.EqualTo("192.0.2.7 | Drain False 1"));
        Assert.That(again.Proxy.GetDenied()[0].Remaining, Is.EqualTo(TimeSpan.FromHours(1)).Within(TimeSpan.FromSeconds(20)));
    }

    [Test]
    public async Task Killed_redis_that_starts_empty_has_all_of_it_again()
    {
        await StartNodes(3);
        await _nodes[0].Proxy.DenyAsync("192.0.2.1", _hour);
        await AllAre("192.0.2.1 | Ready False 1");

        await _redis!.KillAsync();
        await AllSayAway();
        await _nodes[1].Proxy.DenyAsync("192.0.2.2", _hour);
        await _nodes[2].Proxy.SetUpstreamAsync(_drain);
        Assert.That(await _nodes[0].StateAsync(), Is.EqualTo("192.0.2.1 | Ready False 1"));
        await _redis.StartAsync();

        await AllAre("192.0.2.1 192.0.2.2 | Drain False 1");
        _redis.Run("FLUSHALL");
        await _nodes[0].Proxy.RemoveDenyAsync("192.0.2.1");
        await AllAre("192.0.2.2 | Drain False 1");
        Assert.That(_nodes.Select(static node => node.Log.CountOf("SharedStateAway")), Is.All.EqualTo(1));
        RedisNode late = await RedisNode.StartAsync(_redis);
        _nodes.Add(late);
        await AllAre("192.0.2.2 | Drain False 1");
    }

    [Test]
    public async Task Paused_redis_is_told_and_nothing_is_missed_when_it_goes_on()
    {
        await StartNodes(3);
        await _nodes[0].Proxy.DenyAsync("192.0.2.1", _hour);
        await AllAre("192.0.2.1 | Ready False 1");

        _redis!.Pause();
        await AllSayAway();
        await _nodes[0].Proxy.RemoveDenyAsync("192.0.2.1");
        await _nodes[1].Proxy.DenyAsync("192.0.2.2", _hour);
        await _nodes[2].Proxy.SetUpstreamAsync(new UpstreamChange { Upstream = Upstream, Weight = 7 });
        _redis.Continue();

        await AllAre("192.0.2.2 | Ready True 7");
    }

    [Test]
    public async Task Proxy_that_was_cut_off_gets_what_it_missed_and_of_two_changes_the_later_one_wins()
    {
        await StartNodes(3);
        await _nodes[0].Proxy.DenyAsync("192.0.2.1", _hour);
        await AllAre("192.0.2.1 | Ready False 1");

        await _nodes[2].CutOffAsync();
        await RedisNode.UntilAsync("it says that Redis is away", async () => !(await _nodes[2].StatusAsync()).IsReachable);
        await _nodes[2].Proxy.SetUpstreamAsync(_drain);
        await _nodes[2].Proxy.DenyAsync("192.0.2.1", _hour);
        await Task.Delay(2);
        await _nodes[0].Proxy.RemoveDenyAsync("192.0.2.1");
        await _nodes[1].Proxy.DenyAsync("192.0.2.2", _hour);
        Assert.That(await _nodes[2].StateAsync(), Is.EqualTo("192.0.2.1 | Drain False 1"));
        await _nodes[2].JoinAsync();

        await AllAre("192.0.2.2 | Drain False 1");
    }

    [Test]
    public async Task User_password_from_a_file_tls_and_prefix_are_used()
    {
        _redis = await RedisServer.StartAsync("user default off\nuser proxy on >secret ~web:* &web:* +@all -@dangerous +info");
        using var folder = new TemporaryFolder();
        using var certificate = TestCertificates.Make("localhost", "127.0.0.1");
        string pem = folder.Add("redis.pem", Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n" + TestCertificates.KeyOf(certificate)));
        string right = folder.Add("right", "secret\n"u8.ToArray());
        string wrong = folder.Add("wrong", "other\n"u8.ToArray());
        Task<RedisNode> Start(string password) => RedisNode.StartAsync(
            _redis,
            redis =>
            {
                (redis.User, redis.PasswordFile, redis.KeyPrefix, redis.Tls, redis.Ca) = ("proxy", password, "web:", true, pem);
                redis.Endpoints[0] = redis.Endpoints[0].Replace("127.0.0.1", "localhost");
            },
            listen => listen.Tls = new ListenTlsOptions { Certificates = { new CertificateOptions { Certificate = pem } } });

        _nodes.Add(await Start(right));
        _nodes.Add(await Start(right));
        await _nodes[0].Proxy.DenyAsync("192.0.2.1", _hour);
        await AllAre("192.0.2.1 | Ready False 1");

        RedisNode refused = await Start(wrong);
        _nodes.Add(refused);
        await RedisNode.UntilAsync(
            "it says why", async () => (await refused.StatusAsync()).Error?.EndsWith(": it does not take the user, the password or the certificate") == true);
        Assert.That(refused.Log.Entries.Select(static entry => entry.Text), Has.None.Contains("other"));
    }

    private async Task StartNodes(int count)
    {
        _redis = await RedisServer.StartAsync();
        for (int i = 0; i < count; i++)
        {
            _nodes.Add(await RedisNode.StartAsync(_redis));
        }
    }

    private Task<TimeSpan> AllAre(string state) => RedisNode.UntilAsync(
        $"all are '{state}'",
        async () => (await Task.WhenAll(_nodes.Select(static node => node.StateAsync()))).All(one => one == state));

    private Task<TimeSpan> AllSayAway() => RedisNode.UntilAsync(
        "all say that Redis is away",
        async () => (await Task.WhenAll(_nodes.Select(static node => node.StatusAsync()))).All(static one => !one.IsReachable));
}
