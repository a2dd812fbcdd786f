using ProxyCore.Connections.Counting;
using ProxyCore.Connections.Encrypting;
using ProxyCore.Connections.Listening;
using ProxyCore.Connections.Reporting;
using ProxyCore.Relay;
using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>Makes the shards of a proxy, with what all of them share.</summary>
/// <param name="Slots">How many connections may be open.</param>
/// <param name="Budget">How much memory may hold what slow receivers have not taken.</param>
/// <param name="Unrouted">The counters of clients that have no route.</param>
/// <param name="Events">Reports what connections do.</param>
/// <param name="Services">What the proxy is made with.</param>
/// <param name="Tls">Its certificates.</param>
internal sealed record ShardMaker(
    ConnectionSlots Slots, PendingBudget Budget, RouteCounters Unrouted, ConnectionEvents Events, ProxyServices Services, ProxyTls Tls)
{
    /// <summary>Where the chance of toxics begins: on all loops, for a connection may come to any of them.</summary>
    internal ulong ToxicSeed { get; private init; }

    /// <summary>Makes as many as the settings say. What fails leaves nothing open.</summary>
    internal IReadOnlyList<Shard> MakeAll(ProxySettings settings)
    {
        ShardMaker seeded = this with { ToxicSeed = (ulong)(settings.ToxicSeed ?? Random.Shared.NextInt64()) };
        var shards = new List<Shard>();
        try
        {
            for (int number = 1; number <= settings.Loops; number++)
            {
                shards.Add(new Shard(number, settings, seeded));
            }

            return shards;
        }
        catch
        {
            shards.ForEach(static shard => shard.Release());
            throw;
        }
    }
}
