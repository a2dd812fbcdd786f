using ProxyCore.Access;
using ProxyCore.Connections.Faults;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections;

/// <summary>
/// What concerns all connections or all routes of a proxy: each loop looks at those that it has, a part of them in each turn. Any
/// thread.
/// </summary>
internal static class ShardGroupActions
{
    /// <summary>Ends the connection with <paramref name="id"/>, wherever it is; false when there is none.</summary>
    internal static async Task<bool> TryCutAsync(this ShardGroup group, long id, EndReason reason)
    {
        bool[] ended = await Task.WhenAll(
            group.Shards.Select(shard => shard.AskAsync(() => shard.Routes.TryCut(id, reason), ended: false))).ConfigureAwait(false);
        return ended.Contains(true);
    }

    /// <summary>Ends the connections of clients from ranges; completes when they have.</summary>
    internal static Task CutFromAsync(this ShardGroup group, IEnumerable<AddressRange> ranges)
    {
        var addresses = AddressSet.Of(ranges);
        return group.CutAsync(connection => connection.IsFrom(addresses), EndReason.ClientCut);
    }

    /// <summary>Ends the connections to an upstream; completes when they have.</summary>
    internal static Task CutToAsync(this ShardGroup group, PoolMember member, EndReason reason) =>
        group.CutAsync(connection => connection.Member == member, reason);

    /// <summary>Ends the connections whose clients are not let in any more, where lists say so; completes when they have.</summary>
    internal static Task CutDeniedAsync(this ShardGroup group)
    {
        RouteSet routes = group.Routes;
        return routes.Gates.Any(static gate => gate.EndsDenied)
            ? group.CutAsync(connection => connection.IsDeniedBy(routes.Gate), EndReason.AccessDenied)
            : Task.CompletedTask;
    }

    /// <summary>Has the connections of routes do what the toxics of these say now; completes when all do.</summary>
    internal static Task FollowToxicsAsync(this ShardGroup group, params IReadOnlyCollection<RouteToxics> toxics) => toxics.Count == 0
        ? Task.CompletedTask
        : group.WalkAsync(connection =>
        {
            if (connection.Route is { } route && toxics.Contains(route.Toxics))
            {
                connection.FollowToxics();
            }
        });

    /// <summary>The routes whose clients would be closed at once now, for want of an upstream; null when it has ended.</summary>
    internal static async Task<IReadOnlyList<string>?> FindRoutesWithoutUpstreamAsync(this ShardGroup group)
    {
        Shard first = group.Shards[0];
        RouteSet routes = await first.AskAsync(() => first.RouteSet, ended: RouteSet.Empty).ConfigureAwait(false);
        var without = new List<string>();
        await first.DoEachAsync([.. routes.Pools], ChangeSpread.MostInTurn, pool =>
        {
            if (!pool.HasUpstream)
            {
                without.Add(pool.Name);
            }
        }).ConfigureAwait(false);
        return first.Ended.IsCompleted ? null : without;
    }

    private static Task CutAsync(this ShardGroup group, Func<Connection, bool> isMeant, EndReason reason) => group.WalkAsync(connection =>
    {
        if (isMeant(connection))
        {
            connection.Cut(reason);
        }
    });

    private static Task WalkAsync(this ShardGroup group, Action<Connection> look) =>
        Task.WhenAll(group.Shards.Select(shard => shard.WalkAsync(ConnectionWalk.AtATime, look)));
}
