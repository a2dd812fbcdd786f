using System.Net;
using ProxyCore.Access;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Bench.Micro;

/// <summary>What policies cost a connection, the more entries they have to look at.</summary>
internal static class GrowthCosts
{
    internal const string Pools = "pools";
    internal const string Lists = "lists";

    // Different clients in turn; a power of two.
    private const int Clients = 4096;

    private static readonly IPAddress[] _clients = [.. Addresses(Clients, seed: 1, static random => RandomV4(random))];

    private static IReadOnlyList<int> PoolSizes { get; } = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

    private static IReadOnlyList<int> ListSizes { get; } = [1, 10, 100, 1000, 10_000, 100_000];

    /// <summary>Measures all; some twenty seconds.</summary>
    internal static IEnumerable<GrowthCost> Measure() =>
    [
        .. from policy in BuiltInPolicies.All
           from size in PoolSizes
           select Choosing(policy.Key, policy.Value(), size),
        .. ListSizes.Select(size => LookUp("access list, IPv4", size, static random => RandomV4(random))),
        .. ListSizes.Select(size => LookUp("access list, IPv6", size, static random => RandomV6(random))),
        .. ListSizes.Select(KnownClient),
        .. ListSizes.Select(NewClient),
    ];

    /// <summary>One upstream is taken, and given back.</summary>
    private static GrowthCost Choosing(string name, IBalancingPolicy policy, int size)
    {
        var pool = new UpstreamPool(policy, new PassiveHealthSettings(3, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)), triesWhenAllOut: false);
        pool.Reconcile([.. Enumerable.Range(0, size).Select(static number => Member($"10.0.{number / 256}.{number % 256}:80"))]);
        ClientInfo[] clients = [.. _clients.Select(static address => new ClientInfo("route", new IPEndPoint(address, 1024)))];
        return GrowthCost.Measure(Pools, name, size, turn =>
        {
            _ = pool.TryTake(clients[turn % Clients], [], TimeSpan.Zero, out PoolMember member);
            _ = pool.Release(member);
        });
    }

    private static MemberSettings Member(string address) =>
        new(address, [IPEndPoint.Parse(address)], Weight: 1, MaxConnections: null, IsBackup: false);

    /// <summary>Half of the addresses that are looked for are in the list.</summary>
    private static GrowthCost LookUp(string series, int size, Func<Random, IPAddress> draw)
    {
        IPAddress[] listed = [.. Addresses(size, seed: 2, draw)];
        IPAddress[] strange = [.. Addresses(Clients, seed: 3, draw)];
        IPAddress[] sought = [.. Enumerable.Range(0, Clients).Select(turn => turn % 2 == 0 ? listed[turn * 7919L % size] : strange[turn])];
        AddressSet set = AddressSet.Of(listed.Select(static address => Range(address)));
        return GrowthCost.Measure(Lists, series, size, turn => set.Contains(sought[turn % Clients]));
    }

    /// <summary>Another connection of a client that has one.</summary>
    private static GrowthCost KnownClient(int size)
    {
        IPAddress[] known = [.. Addresses(size, seed: 4, static random => RandomV4(random)).Distinct()];
        ClientLimiter limiter = Limiter(known);
        IPAddress[] turns = [.. Enumerable.Range(0, Clients).Select(turn => known[turn * 7919L % known.Length])];
        return GrowthCost.Measure(Lists, "limiter, known client", size, turn => limiter.Admit(turns[turn % Clients], turn).Use.Release(turn));
    }

    /// <summary>The first connection of a client, beside so many others.</summary>
    private static GrowthCost NewClient(int size)
    {
        ClientLimiter limiter = Limiter(Addresses(size, seed: 5, static random => RandomV4(random)));
        return GrowthCost.Measure(Lists, "limiter, new client", size, turn => limiter.Admit(_clients[turn % Clients], turn).Use.Release(turn));
    }

    private static ClientLimiter Limiter(IEnumerable<IPAddress> clients)
    {
        var limiter = new ClientLimiter(new ClientLimitSettings(
            Connections: 1000, Rate: null, Prefix4: 32, Prefix6: 64, Entries: 200_000, LimitAction.Reset, TimeSpan.FromSeconds(5), 1024));
        foreach (IPAddress client in clients)
        {
            _ = limiter.Admit(client, now: 0);
        }

        return limiter;
    }

    private static IEnumerable<IPAddress> Addresses(int count, int seed, Func<Random, IPAddress> draw)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => draw(random))];
    }

    private static IPAddress RandomV4(Random random) => new(random.Next() & 0xFFFFFFFF);

    private static IPAddress RandomV6(Random random)
    {
        byte[] bytes = new byte[16];
        random.NextBytes(bytes);
        bytes[0] = 0x20;
        return new IPAddress(bytes);
    }

    private static AddressRange Range(IPAddress address) =>
        AddressRange.TryParse($"{address}", out AddressRange range, out string? cause) ? range : throw new FormatException(cause);
}
