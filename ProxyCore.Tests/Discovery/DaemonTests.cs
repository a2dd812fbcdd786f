using ProxyCore.Cli.Discovery;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Discovery;

/// <summary>SRV records of dnsmasq and of unbound, as people run them. The two differ in what comes with an answer.</summary>
[TestFixture("dnsmasq")]
[TestFixture("unbound")]
[Platform("Linux")]
internal sealed class DaemonTests(string program)
{
    private const int Many = 60;

    private DnsDaemon _daemon = null!;

    [OneTimeSetUp]
    public async Task StartDaemon() => _daemon = program == "dnsmasq" ? await StartDnsmasq() : await StartUnbound();

    [OneTimeTearDown]
    public async Task StopDaemon()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
    }

    [Test]
    public async Task Servers_have_priority_weight_port_and_addresses() => Assert.That(
        SrvTesting.Texts(await First("_pg._tcp.example.test")),
        Is.EqualTo(["a.example.test:5432 10 60 192.0.2.1", "b.example.test:5433 10 0 192.0.2.2,2001:db8::2", "c.example.test:5432 20 5 192.0.2.3"]));

    [Test]
    public async Task Service_with_the_root_as_its_host_is_withdrawn() => Assert.That(await First("_gone._tcp.example.test"), Is.Empty);

    [Test]
    public void Name_that_does_not_exist_is_a_failure() =>
        Assert.That(async () => await First("_none._tcp.example.test"), Throws.InstanceOf<DnsException>().With.Message.EqualTo("the name has no SRV records"));

    [Test]
    public async Task Sixty_servers_come_over_TCP() => Assert.That(await First("_many._tcp.example.test"), Has.Count.EqualTo(Many));

    [Test]
    public async Task Port_0_comes_as_it_is_and_is_left_out_later() =>
        Assert.That((await First("_zero._tcp.example.test")).Select(static one => one.Port), Is.EqualTo([0]));

    private static Task<DnsDaemon> StartDnsmasq() => DnsDaemon.StartDnsmasq(
    [
        "srv-host=_pg._tcp.example.test,a.example.test,5432,10,60",
        "srv-host=_pg._tcp.example.test,b.example.test,5433,10",
        "srv-host=_pg._tcp.example.test,c.example.test,5432,20,5",
        "srv-host=_gone._tcp.example.test",
        "srv-host=_zero._tcp.example.test,a.example.test,0",
        .. Enumerable.Range(0, Many).Select(static i => $"srv-host=_many._tcp.example.test,host-with-a-long-name-{i}.example.test,5432"),
        "host-record=a.example.test,192.0.2.1",
        "host-record=b.example.test,192.0.2.2,2001:db8::2",
        "host-record=c.example.test,192.0.2.3",
        .. Enumerable.Range(0, Many).Select(static i => $"host-record=host-with-a-long-name-{i}.example.test,192.0.2.1"),
    ]);

    private static Task<DnsDaemon> StartUnbound() => DnsDaemon.StartUnbound(
    [
        "_pg._tcp.example.test. 60 IN SRV 10 60 5432 a.example.test.",
        "_pg._tcp.example.test. 60 IN SRV 10 0 5433 b.example.test.",
        "_pg._tcp.example.test. 60 IN SRV 20 5 5432 c.example.test.",
        "_gone._tcp.example.test. 60 IN SRV 0 0 0 .",
        "_zero._tcp.example.test. 60 IN SRV 0 0 0 a.example.test.",
        .. Enumerable.Range(0, Many).Select(static i => $"_many._tcp.example.test. 60 IN SRV 0 0 5432 host-with-a-long-name-{i}.example.test."),
        "a.example.test. 60 IN A 192.0.2.1",
        "b.example.test. 60 IN A 192.0.2.2",
        "b.example.test. 60 IN AAAA 2001:db8::2",
        "c.example.test. 60 IN A 192.0.2.3",
        .. Enumerable.Range(0, Many).Select(static i => $"host-with-a-long-name-{i}.example.test. 60 IN A 192.0.2.1"),
    ]);

    private async Task<IReadOnlyList<UpstreamTarget>> First(string name)
    {
        var source = SrvSource.Create(SrvTesting.Settings with { Servers = [_daemon.Endpoint], Timeout = Bound.Wait });
        await using IAsyncEnumerator<IReadOnlyList<UpstreamTarget>> watch = source.WatchAsync(name, CancellationToken.None).GetAsyncEnumerator();
        await watch.MoveNextAsync().AsTask().WaitAsync(Bound.Wait);
        return watch.Current;
    }
}
