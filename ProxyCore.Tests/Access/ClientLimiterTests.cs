using System.Net;
using ProxyCore.Access;
using ProxyCore.Settings;
using ProxyCore.Tests.Harness;
using static ProxyCore.Access.LimitVerdict;

namespace ProxyCore.Tests.Access;

/// <summary>The connections and the rate of a client are limited, and nothing is counted that is not released.</summary>
internal sealed class ClientLimiterTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    internal static ClientLimitSettings Limits(
        int? connections = null, Rate? rate = null, int prefix4 = 32, int prefix6 = 64, int entries = 65_536) =>
        new(connections, rate, prefix4, prefix6, entries, LimitAction.Reset, TimeSpan.FromSeconds(5), 1024);

    [Test]
    public void A_client_has_as_many_connections_as_it_may()
    {
        var limiter = new ClientLimiter(Limits(connections: 2));

        ClientUse first = Admit(limiter, "192.0.2.1", now: 0).Use;
        Assert.That(Admit(limiter, "192.0.2.1", now: 0).Verdict, Is.EqualTo(Admitted));
        Assert.That(Admit(limiter, "192.0.2.1", now: 0).Verdict, Is.EqualTo(TooManyConnections));
        Assert.That(Admit(limiter, "192.0.2.2", now: 0).Verdict, Is.EqualTo(Admitted), "another client");

        first.Release(now: 1);
        Assert.That(Admit(limiter, "192.0.2.1", now: 1).Verdict, Is.EqualTo(Admitted));
        Assert.That(Admit(limiter, "192.0.2.1", now: 1).Verdict, Is.EqualTo(TooManyConnections));
    }

    [Test]
    public void A_client_opens_a_burst_and_then_no_faster_than_its_rate()
    {
        var limiter = new ClientLimiter(Limits(rate: new Rate(perSecond: 10, burst: 3)));

        Assert.That(AdmittedOf(limiter, "192.0.2.1", attempts: 5, now: 0), Is.EqualTo(3));
        Admission refused = Admit(limiter, "192.0.2.1", now: 0);
        Assert.That((refused.Verdict, refused.RetryAfter), Is.EqualTo((TooFast, TimeSpan.FromMilliseconds(100))));
        Assert.That(Admit(limiter, "192.0.2.1", now: (Second / 10) - 1).Verdict, Is.EqualTo(TooFast));
        Assert.That(AdmittedOf(limiter, "192.0.2.1", attempts: 5, now: Second / 10), Is.EqualTo(1));
        Assert.That(AdmittedOf(limiter, "192.0.2.1", attempts: 5, now: 10 * Second), Is.EqualTo(3), "a whole burst after a pause");
    }

    [Test]
    public void A_connection_that_ends_at_once_counts_for_the_rate_all_the_same()
    {
        var limiter = new ClientLimiter(Limits(connections: 1, rate: new Rate(perSecond: 1, burst: 2)));

        Admit(limiter, "192.0.2.1", now: 0).Use.Release(now: 0);
        Admit(limiter, "192.0.2.1", now: 0).Use.Release(now: 0);

        Assert.That(Admit(limiter, "192.0.2.1", now: 0).Verdict, Is.EqualTo(TooFast));
    }

    [Test]
    public void A_refused_connection_costs_its_client_nothing()
    {
        var limiter = new ClientLimiter(Limits(rate: new Rate(perSecond: 1, burst: 1)));
        Admit(limiter, "192.0.2.1", now: 0);

        Assert.That(AdmittedOf(limiter, "192.0.2.1", attempts: 1000, now: Second / 2), Is.Zero);

        Assert.That(Admit(limiter, "192.0.2.1", now: Second).Verdict, Is.EqualTo(Admitted));
    }

    [Test]
    public void A_connection_that_waits_asks_again_after_some_time()
    {
        var limiter = new ClientLimiter(Limits(connections: 1, rate: new Rate(perSecond: 3, burst: 1)));
        Admission first = Admit(limiter, "192.0.2.1", now: 0);
        Assert.That(Admit(limiter, "192.0.2.1", now: 0).RetryAfter, Is.GreaterThan(TimeSpan.Zero));
        first.Use.Release(now: 0);

        // One tick before a connection is allowed: the loop's timers are no finer than 1 ms.
        Admission refused = Admit(limiter, "192.0.2.1", now: (Second / 3) - 1);

        Assert.That((refused.Verdict, refused.RetryAfter), Is.EqualTo((TooFast, TimeSpan.FromMilliseconds(1))));
    }

    [TestCase("192.0.2.1", "::ffff:192.0.2.1", 32, 64, true, TestName = "An IPv4-mapped address is the IPv4 address")]
    [TestCase("::ffff:192.0.2.1", "::ffff:192.0.2.2", 32, 64, false, TestName = "IPv4-mapped addresses differ though their IPv6 prefix is one")]
    [TestCase("192.0.2.1", "192.0.2.254", 24, 64, true, TestName = "IPv4 addresses of one prefix are one client")]
    [TestCase("192.0.2.1", "192.0.3.1", 24, 64, false, TestName = "IPv4 addresses of two prefixes are two clients")]
    [TestCase("127.0.0.1", "128.0.0.1", 1, 64, false, TestName = "The first bit of an IPv4 address can tell clients apart")]
    [TestCase("128.0.0.1", "255.0.0.1", 1, 64, true, TestName = "IPv4 addresses with one first bit are one client")]
    [TestCase("2001:db8::1", "2001:db8::ffff:0:0:1", 32, 64, true, TestName = "IPv6 addresses of one 64 bit prefix are one client")]
    [TestCase("2001:db8::1", "2001:db8:0:1::1", 32, 64, false, TestName = "IPv6 addresses of two 64 bit prefixes are two clients")]
    [TestCase("2001:db8::1", "2001:db8::2", 32, 128, false, TestName = "The last bit of an IPv6 address can tell clients apart")]
    [TestCase("2001:db8::1", "2001:db8::100:0:0:2", 32, 72, false, TestName = "An IPv6 prefix may end within the second half")]
    [TestCase("2001:db8::1", "2001:db8:0:ff::1", 32, 56, true, TestName = "An IPv6 prefix may end within the first half")]
    [TestCase("::1", "0.0.0.1", 1, 1, false, TestName = "An IPv6 address is not an IPv4 address")]
    [TestCase("fe80::1%1", "fe80::1%2", 32, 128, true, TestName = "The zone of an address tells no clients apart")]
    public void Addresses_of_one_prefix_are_one_client(string one, string other, int prefix4, int prefix6, bool same)
    {
        var limiter = new ClientLimiter(Limits(connections: 1, prefix4: prefix4, prefix6: prefix6));
        Admit(limiter, one, now: 0);

        Assert.That(Admit(limiter, other, now: 0).Verdict, Is.EqualTo(same ? TooManyConnections : Admitted));
    }

    [Test]
    public void A_client_is_forgotten_when_nothing_is_left_to_remember()
    {
        var limiter = new ClientLimiter(Limits(connections: 1, rate: new Rate(perSecond: 1, burst: 1)));
        ClientUse quick = Admit(limiter, "192.0.2.1", now: 0).Use;
        ClientUse slow = Admit(limiter, "192.0.2.2", now: 0).Use;

        quick.Release(now: Second / 2);
        slow.Release(now: Second);

        Assert.That(limiter.Count, Is.EqualTo(1), "the rate of the first is not paid for");
    }

    [Test]
    public void A_full_table_forgets_the_idle_client_whose_burst_is_full_the_soonest()
    {
        var limiter = new ClientLimiter(Limits(rate: new Rate(perSecond: 1, burst: 10), entries: 3));
        Open(limiter, "192.0.2.1", times: 9);
        Open(limiter, "192.0.2.2", times: 2);
        Open(limiter, "192.0.2.3", times: 8);

        Open(limiter, "192.0.2.4", times: 3);
        Open(limiter, "192.0.2.5", times: 4);

        Assert.That(limiter.Count, Is.EqualTo(3));
        Assert.That(AdmittedOf(limiter, "192.0.2.1", attempts: 20, now: 0), Is.EqualTo(1), "the clients with the most debt are remembered");
        Assert.That(AdmittedOf(limiter, "192.0.2.3", attempts: 20, now: 0), Is.EqualTo(2));
    }

    [Test]
    public void A_flood_from_other_addresses_does_not_clear_the_debt_of_a_client()
    {
        var limiter = new ClientLimiter(Limits(rate: new Rate(perSecond: 1, burst: 10), entries: 2048));
        Open(limiter, "192.0.2.1", times: 10);

        for (int other = 0; other < 10_000; other++)
        {
            Open(limiter, $"10.0.{other / 256}.{other % 256}", times: 1);
        }

        Assert.That(limiter.Count, Is.LessThanOrEqualTo(2048));
        Assert.That(Admit(limiter, "192.0.2.1", now: 0).Verdict, Is.EqualTo(TooFast));
    }

    [Test]
    public void A_client_with_a_connection_is_never_forgotten_even_beyond_the_limit_of_entries()
    {
        var limiter = new ClientLimiter(Limits(connections: 1, rate: new Rate(perSecond: 1, burst: 5), entries: 2));
        string[] clients = [.. Enumerable.Range(1, 100).Select(static number => $"192.0.2.{number}")];

        ClientUse[] uses = [.. clients.Select(client => Admit(limiter, client, now: 0).Use)];

        Assert.That(clients.Select(client => Admit(limiter, client, now: 0).Verdict), Is.All.EqualTo(TooManyConnections));
        Array.ForEach(uses, static use => use.Release(now: 0));
        Assert.That((limiter.Connections, limiter.Count), Is.EqualTo((0L, 2)), "only so many idle clients are remembered");
    }

    [Test]
    public void Connections_that_end_after_their_client_was_refused_again_leave_nothing_behind()
    {
        var limiter = new ClientLimiter(Limits(connections: 1));
        ClientUse use = Admit(limiter, "2001:db8::1", now: 0).Use;
        ClientUse none = Admit(limiter, "2001:db8::2", now: 0).Use;

        none.Release(now: 0);
        Assert.That(limiter.Connections, Is.EqualTo(1), "a refused connection has nothing to release");
        use.Release(now: 0);
        Assert.That((limiter.Connections, limiter.Count), Is.EqualTo((0L, 0)));
    }

    [Test]
    public void Other_limits_apply_at_once_and_keep_the_counts()
    {
        var limiter = new ClientLimiter(Limits(connections: 5));
        ClientUse first = Admit(limiter, "192.0.2.1", now: 0).Use;
        ClientUse second = Admit(limiter, "192.0.2.1", now: 0).Use;

        Assert.That(limiter.TryChange(Limits(connections: 2)), Is.True);

        Assert.That(Admit(limiter, "192.0.2.1", now: 0).Verdict, Is.EqualTo(TooManyConnections));
        first.Release(now: 0);
        second.Release(now: 0);
        Assert.That(limiter.Connections, Is.Zero);
    }

    [Test]
    public void A_higher_rate_helps_at_once_a_client_that_waits_for_the_lower_one()
    {
        var limiter = new ClientLimiter(Limits(rate: new Rate(perSecond: 1.0 / 3600, burst: 5)));
        Open(limiter, "192.0.2.1", times: 5);
        Assert.That(Admit(limiter, "192.0.2.1", now: 0).RetryAfter, Is.EqualTo(TimeSpan.FromHours(1)));

        Assert.That(limiter.TryChange(Limits(rate: new Rate(perSecond: 10, burst: 5))), Is.True);

        Assert.That(Admit(limiter, "192.0.2.1", now: 0).RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(0.1)));
        Assert.That(AdmittedOf(limiter, "192.0.2.1", attempts: 9, now: Second / 5), Is.EqualTo(2));
    }

    [Test]
    public void Other_prefixes_or_entries_need_a_new_limiter()
    {
        var limiter = new ClientLimiter(Limits(connections: 1));
        ClientUse use = Admit(limiter, "192.0.2.1", now: 0).Use;

        Assert.That(limiter.TryChange(Limits(connections: 2, prefix4: 24)), Is.False);
        Assert.That(limiter.TryChange(Limits(connections: 2, prefix6: 48)), Is.False);
        Assert.That(limiter.TryChange(Limits(connections: 2, entries: 5)), Is.False);

        Assert.That(Admit(limiter, "192.0.2.1", now: 0).Verdict, Is.EqualTo(TooManyConnections), "nothing has changed");
        use.Release(now: 0);
    }

    [Test]
    public void Counting_allocates_nothing()
    {
        var limiter = new ClientLimiter(Limits(connections: 3, rate: new Rate(perSecond: 1, burst: 2)));
        IPAddress[] clients = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("::ffff:192.0.2.2"), IPAddress.Parse("2001:db8::1")];
        CountAll(limiter, clients);

        Allocations.AssertNone(() =>
        {
            for (int round = 0; round < 1000; round++)
            {
                CountAll(limiter, clients);
            }
        });
    }

    private static Admission Admit(ClientLimiter limiter, string client, long now) => limiter.Admit(IPAddress.Parse(client), now);

    private static int AdmittedOf(ClientLimiter limiter, string client, int attempts, long now) =>
        Enumerable.Range(0, attempts).Count(_ => Admit(limiter, client, now).Verdict == Admitted);

    private static void Open(ClientLimiter limiter, string client, int times)
    {
        for (int i = 0; i < times; i++)
        {
            Admit(limiter, client, now: 0).Use.Release(now: 0);
        }
    }

    private static void CountAll(ClientLimiter limiter, IPAddress[] clients)
    {
        foreach (IPAddress client in clients)
        {
            limiter.Admit(client, now: 0).Use.Release(now: 0);
        }
    }
}
