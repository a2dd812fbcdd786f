using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Cli.Discovery;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Discovery;

/// <summary>What SRV records come to over time, with the test as the DNS and its clock.</summary>
internal sealed class SrvSourceTests
{
    private const string Name = "_pg._tcp.example.test";

    private FakeTimeProvider _clock = null!;
    private FakeResolver _dns = null!;
    private CancellationTokenSource _ends = null!;
    private SrvSource _source = null!;

    [SetUp]
    public void MakeSource()
    {
        _clock = new FakeTimeProvider();
        _dns = new FakeResolver();
        _ends = new CancellationTokenSource();
        _source = new SrvSource(SrvTesting.Settings, _dns, _clock);
    }

    [TearDown]
    public void End()
    {
        _ends.Cancel();
        _ends.Dispose();
    }

    [Test]
    public async Task Servers_have_the_addresses_that_came_with_them_and_others_are_looked_up_once()
    {
        _dns.Answers(new SrvEntry("a", 1, 10, 5), new SrvEntry("b", 2, 10, 0), new SrvEntry("b", 3, 10, 0));
        _dns.Came("a", "192.0.2.1");
        _dns.Hosts["b"] = () => Found("192.0.2.2");

        Assert.That(SrvTesting.Texts(await First()), Is.EqualTo(["a:1 10 5 192.0.2.1", "b:2 10 0 192.0.2.2", "b:3 10 0 192.0.2.2"]));
        Assert.That(_dns.AskedHosts, Is.EqualTo(["b"]));
    }

    [TestCase(0, 5)]
    [TestCase(30, 30)]
    [TestCase(3600, 300)]
    public async Task Next_question_comes_after_the_TTL_within_its_bounds(int ttl, int seconds)
    {
        _dns.Answers(TimeSpan.FromSeconds(ttl), new SrvEntry("192.0.2.1", 1, 0, 0));
        await using IAsyncEnumerator<IReadOnlyList<UpstreamTarget>> watch = Watch();
        await watch.MoveNextAsync();
        _dns.Answers(new SrvEntry("192.0.2.2", 1, 0, 0));

        ValueTask<bool> next = watch.MoveNextAsync();
        _clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.That(_dns.Asked, Is.EqualTo(1));
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(await next.AsTask().WaitAsync(Bound.Wait), Is.True);
        Assert.That(watch.Current.Single().Host, Is.EqualTo("192.0.2.2"));
    }

    [Test]
    public async Task TTL_of_an_address_counts_too()
    {
        _dns.Answers(TimeSpan.FromMinutes(1), new SrvEntry("a", 1, 0, 0));
        _dns.Hosts["a"] = () => Found("192.0.2.1", seconds: 20);
        await using IAsyncEnumerator<IReadOnlyList<UpstreamTarget>> watch = Watch();
        await watch.MoveNextAsync();
        _dns.Hosts["a"] = () => Found("192.0.2.2", seconds: 20);

        ValueTask<bool> next = watch.MoveNextAsync();
        _clock.Advance(TimeSpan.FromSeconds(20));

        Assert.That(await next.AsTask().WaitAsync(Bound.Wait), Is.True);
        Assert.That(SrvTesting.Texts(watch.Current), Is.EqualTo(["a:1 0 0 192.0.2.2"]));
    }

    [Test]
    public async Task Two_who_watch_one_name_share_each_answer()
    {
        _dns.Answers(TimeSpan.FromSeconds(10), new SrvEntry("192.0.2.1", 1, 0, 0));
        await using IAsyncEnumerator<IReadOnlyList<UpstreamTarget>> one = Watch();
        await using IAsyncEnumerator<IReadOnlyList<UpstreamTarget>> other = Watch();
        await one.MoveNextAsync();
        await other.MoveNextAsync();
        Assert.That(other.Current, Is.SameAs(one.Current));

        _dns.Answers(new SrvEntry("192.0.2.2", 1, 0, 0));
        ValueTask<bool> next = one.MoveNextAsync();
        ValueTask<bool> nextOfOther = other.MoveNextAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        await next.AsTask().WaitAsync(Bound.Wait);
        await nextOfOther.AsTask().WaitAsync(Bound.Wait);

        Assert.That(_dns.Asked, Is.EqualTo(2));
    }

    [Test]
    public async Task Name_that_is_missing_from_the_start_is_a_failure()
    {
        _dns.Answers();

        Assert.That(async () => await First(), Throws.InstanceOf<DnsException>().With.Message.EqualTo("the name has no SRV records"));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.That(async () => await First(), Throws.InstanceOf<DnsException>());

        _dns.Answers(new SrvEntry("192.0.2.1", 1, 0, 0));
        Assert.That(await First(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Name_that_goes_missing_is_a_failure_for_a_while_and_then_has_no_servers()
    {
        _dns.Answers(new SrvEntry("192.0.2.1", 1, 0, 0));
        await First();
        _dns.Answers();
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That(async () => await First(), Throws.InstanceOf<DnsException>());

        _clock.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromMilliseconds(1));
        Assert.That(async () => await First(), Throws.InstanceOf<DnsException>());
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(await First(), Is.Empty);

        _clock.Advance(TimeSpan.FromSeconds(5));
        _dns.Answers(new SrvEntry("192.0.2.2", 1, 0, 0));
        Assert.That((await First()).Single().Host, Is.EqualTo("192.0.2.2"));
    }

    [Test]
    public async Task Withdrawn_service_has_no_servers_at_once()
    {
        _dns.Answers(new SrvEntry("192.0.2.1", 1, 0, 0));
        await First();
        _clock.Advance(TimeSpan.FromSeconds(5));
        _dns.Answers(new SrvEntry("", 0, 0, 0));

        Assert.That(await First(), Is.Empty);
    }

    [Test]
    public async Task Host_that_can_not_be_looked_up_keeps_its_last_addresses_and_a_new_one_has_none()
    {
        _dns.Answers(new SrvEntry("a", 1, 0, 0));
        _dns.Hosts["a"] = () => Found("192.0.2.1");
        await First();
        _clock.Advance(TimeSpan.FromSeconds(5));
        _dns.Answers(new SrvEntry("a", 1, 0, 0), new SrvEntry("b", 1, 0, 0));
        _dns.Hosts["a"] = _dns.Hosts["b"] = static () => throw new DnsException("does not answer");

        Assert.That(SrvTesting.Texts(await First()), Is.EqualTo(["a:1 0 0 192.0.2.1", "b:1 0 0 "]));
    }

    [TestCase("_pg._tcp.example", true)]
    [TestCase("_pg._tcp.example.", true)]
    [TestCase("_pg._tcp.example:5432", false)]
    [TestCase("a..b", false)]
    [TestCase("192.0.2.1", false)]
    public void Name_is_one_of_the_DNS(string name, bool isGood) => Assert.That(_source.FindFault(name) is null, Is.EqualTo(isGood));

    private static AddressAnswer Found(string address, int seconds = 60) => new([IPAddress.Parse(address)], TimeSpan.FromSeconds(seconds));

    private IAsyncEnumerator<IReadOnlyList<UpstreamTarget>> Watch() => _source.WatchAsync(Name, _ends.Token).GetAsyncEnumerator();

    private async Task<IReadOnlyList<UpstreamTarget>> First()
    {
        await using IAsyncEnumerator<IReadOnlyList<UpstreamTarget>> watch = Watch();
        await watch.MoveNextAsync().AsTask().WaitAsync(Bound.Wait);
        return watch.Current;
    }

    private sealed class FakeResolver : IResolver
    {
        private readonly Dictionary<string, AddressAnswer> _came = [];
        private SrvAnswer _answer = null!;
        private int _asked;

        internal int Asked => Volatile.Read(ref _asked);

        internal ConcurrentDictionary<string, Func<AddressAnswer>> Hosts { get; } = new();

        internal ConcurrentQueue<string> AskedHosts { get; } = new();

        internal void Came(string host, string address) => _came[host] = Found(address);

        internal void Answers(params SrvEntry[] records) => Answers(TimeSpan.Zero, records);

        internal void Answers(TimeSpan ttl, params SrvEntry[] records) => Volatile.Write(ref _answer, new SrvAnswer(records, _came, ttl));

        internal async Task HasAsked(int times) => await Bound.Within($"{times} questions", async token =>
        {
            while (Asked < times)
            {
                await Task.Delay(1, token);
            }

            return true;
        });

        public Task<SrvAnswer> FindServersAsync(string name)
        {
            Interlocked.Increment(ref _asked);
            return Task.FromResult(Volatile.Read(ref _answer));
        }

        public Task<AddressAnswer> FindAddressesAsync(string host)
        {
            AskedHosts.Enqueue(host);
            return Hosts.TryGetValue(host, out Func<AddressAnswer>? answer) ? Task.FromResult(answer()) : Task.FromResult(new AddressAnswer([], TimeSpan.Zero));
        }
    }
}
