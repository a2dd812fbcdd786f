using System.Net;
using ProxyCore.Cli.Discovery;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Discovery;

/// <summary>Questions to servers of the DNS, over real sockets.</summary>
internal sealed class DnsResolverTests
{
    private const string Service = "_pg._tcp.example.test";

    private TestDns _dns = null!;

    [SetUp]
    public void StartServer() => _dns = new TestDns();

    [TearDown]
    public async Task StopServer() => await _dns.DisposeAsync();

    [Test]
    public async Task Records_come_with_the_addresses_of_their_hosts()
    {
        _dns.Serve(
            ZoneRecord.OfService(Service, 10, 60, 5432, "A.example.test", ttl: 30),
            ZoneRecord.OfService(Service, 20, 0, 5433, "b.example.test", ttl: 40),
            ZoneRecord.OfAddress("A.example.test", "192.0.2.2", ttl: 7),
            ZoneRecord.OfAddress("A.example.test", "192.0.2.1", ttl: 8),
            ZoneRecord.OfAddress("A.example.test", "2001:db8::1", ttl: 9));

        SrvAnswer answer = await Resolver(_dns).FindServersAsync(Service);

        Assert.That(answer.Records, Is.EquivalentTo((SrvEntry[])[new("a.example.test", 5432, 10, 60), new("b.example.test", 5433, 20, 0)]));
        Assert.That(answer.Ttl, Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(answer.Addresses["a.example.test"].Addresses.Select(static one => one.ToString()), Is.EqualTo(["192.0.2.1", "192.0.2.2", "2001:db8::1"]));
        Assert.That(answer.Addresses["a.example.test"].Ttl, Is.EqualTo(TimeSpan.FromSeconds(7)));
        Assert.That(answer.Addresses, Does.Not.ContainKey("b.example.test"));
    }

    [Test]
    public async Task Answer_that_is_cut_over_UDP_is_asked_for_again_over_TCP()
    {
        _dns.Serve([.. Enumerable.Range(0, 60).Select(static i => ZoneRecord.OfService(Service, 0, 1, 5432, $"pod-{i}.headless.default.svc.cluster.local"))]);

        SrvAnswer answer = await Resolver(_dns).FindServersAsync(Service);

        Assert.That(answer.Records, Has.Count.EqualTo(60));
        Assert.That(_dns.Asked.Select(static one => one.IsTcp), Is.EqualTo([false, true]));
    }

    [Test]
    public async Task Name_that_does_not_exist_has_no_records_and_no_other_server_is_asked()
    {
        await using var second = new TestDns();
        second.Serve(ZoneRecord.OfService(Service, 0, 0, 1, "a.example.test"));

        SrvAnswer answer = await Resolver(_dns, second).FindServersAsync(Service);

        Assert.That(answer.Records, Is.Empty);
        Assert.That(second.Asked, Is.Empty);
    }

    [Test]
    public async Task Server_that_fails_is_passed_over_and_the_one_that_answered_comes_first_from_then_on()
    {
        await using var second = new TestDns();
        second.Serve(ZoneRecord.OfService(Service, 0, 0, 1, "a.example.test"));
        _dns.Code = DnsMessage.ServerFailure;
        DnsResolver resolver = Resolver(_dns, second);

        SrvAnswer first = await resolver.FindServersAsync(Service);
        SrvAnswer again = await resolver.FindServersAsync(Service);

        Assert.That((first.Records.Count, again.Records.Count), Is.EqualTo((1, 1)));
        Assert.That((_dns.Asked.Count, second.Asked.Count), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task Silent_server_is_passed_over_after_its_time()
    {
        await using var second = new TestDns();
        second.Serve(ZoneRecord.OfService(Service, 0, 0, 1, "a.example.test"));
        _dns.IsSilent = true;

        SrvAnswer answer = await Resolver(_dns, second).FindServersAsync(Service);

        Assert.That(answer.Records, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task When_no_server_answers_the_error_says_what_each_did()
    {
        await using var second = new TestDns();
        _dns.IsSilent = true;
        second.Code = DnsMessage.ServerFailure;

        Assert.That(
            async () => await Resolver(_dns, second).FindServersAsync(Service),
            Throws.InstanceOf<DnsException>().With.Message.EqualTo($"{_dns.Endpoint} does not answer, {second.Endpoint} answers ServerFailure"));
    }

    [Test]
    public async Task Alias_is_followed_within_the_answer_and_records_of_other_names_are_not_taken()
    {
        _dns.Serve(
            ZoneRecord.OfAlias(Service, "_pg._tcp.other.test"),
            ZoneRecord.OfService("_pg._tcp.other.test", 0, 1, 5432, "a.other.test"));

        SrvAnswer answer = await Resolver(_dns).FindServersAsync(Service.ToUpperInvariant());

        Assert.That(answer.Records.Select(static one => one.Host), Is.EqualTo(["a.other.test"]));
    }

    [Test]
    public async Task Withdrawn_service_has_a_record_without_a_host()
    {
        _dns.Serve(ZoneRecord.OfService(Service, 0, 0, 0, "."));

        Assert.That((await Resolver(_dns).FindServersAsync(Service)).Records.Single().Host, Is.Empty);
    }

    [Test]
    public async Task Host_has_the_addresses_of_both_families()
    {
        _dns.Serve(ZoneRecord.OfAddress("a.example.test", "2001:db8::1"), ZoneRecord.OfAddress("a.example.test", "192.0.2.1", ttl: 3));

        AddressAnswer answer = await Resolver(_dns).FindAddressesAsync("a.example.test");

        Assert.That(answer.Addresses, Is.EqualTo((IPAddress[])[IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")]));
        Assert.That(answer.Ttl, Is.EqualTo(TimeSpan.FromSeconds(3)));
    }

    private static DnsResolver Resolver(params TestDns[] servers) => new(SrvTesting.Settings with
    {
        Servers = [.. servers.Select(static one => one.Endpoint)],
        Timeout = TimeSpan.FromMilliseconds(servers.Any(static one => one.IsSilent) ? 100 : Bound.Wait.TotalMilliseconds),
    });
}
