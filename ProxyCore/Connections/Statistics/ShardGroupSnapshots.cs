using ProxyCore.Connections.Counting;
using ProxyCore.Connections.Faults;
using ProxyCore.Connections.Pools;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Statistics;

/// <summary>Takes snapshots of the shards of a proxy. Any thread; only the snapshot of connections posts work to the loops.</summary>
internal static class ShardGroupSnapshots
{
    internal static IReadOnlyList<RouteSnapshot> TakeRoutes(this ShardGroup group)
    {
        RouteSet routes = group.Routes;
        return [.. routes.Routes.Values.Select(route => Take(route, routes.Endpoints))];
    }

    internal static IReadOnlyList<LoopSnapshot> TakeLoops(this ShardGroup group) => [.. group.Shards.Select(Take)];

    internal static async Task<IReadOnlyList<ConnectionSnapshot>> TakeConnectionsAsync(this ShardGroup group, int most)
    {
        IReadOnlyList<ConnectionSnapshot>[] sampled = await Task.WhenAll(
            group.Shards.Select(shard => shard.AskAsync(() => shard.Sampler.Sample(most), []))).ConfigureAwait(false);
        return ConnectionSampler.Pick([.. sampled.SelectMany(static one => one)], most);
    }

    private static RouteSnapshot Take(Route route, IReadOnlyList<BoundEndpoint> endpoints) => new()
    {
        Name = route.Settings.Name,
        Endpoints =
        [
            .. endpoints.Where(endpoint => endpoint.Routes.AllRoutes.Contains(route))
                .SelectMany(static endpoint => endpoint.Listeners)
                .Select(static listener => EndPointText.Of(listener.LocalEndPoint))
                .Distinct(),
        ],
        Balancing = route.Settings.Pool.Balancing,
        Statistics = TrafficSum.Of([route.Counters]).ToStatistics(),
        Queued = route.Pool.Queued,
        Upstreams = Take(route.Pool.Known),
        Toxics = [.. route.Toxics.All.Select(Take)],
    };

    private static ToxicSnapshot Take(RouteToxic toxic)
    {
        ToxicSettings settings = toxic.Settings;
        return new ToxicSnapshot
        {
            Name = settings.Name,
            Type = settings.Toxic.Type,
            Stream = settings.Toxic.Stream,
            Toxicity = settings.Toxic.Toxicity,
            Description = settings.Toxic.ToString(),
            Connections = toxic.Connections,
            EndedConnections = toxic.Ended,
        };
    }

    private static UpstreamSnapshot[] Take(KnownUpstreams known) =>
    [
        .. known.Members.Select(Take),
        .. known.Unresolved.Select(Take),
    ];

    private static UpstreamSnapshot Take(UnresolvedUpstream upstream)
    {
        (string address, UpstreamSettings settings, HandSetting? byHand) = upstream;
        return new UpstreamSnapshot
        {
            Address = address,
            Name = upstream.Source,
            State = UpstreamState.Unresolved,
            Administration = byHand?.State ?? UpstreamAdministration.Ready,
            SetByHandAt = byHand is { IsEmpty: false } ? byHand.Since : null,
            Weight = byHand?.Weight ?? settings.Weight,
            ConfiguredWeight = byHand?.Weight is null ? null : settings.Weight,
            HasMaximumByHand = byHand?.MaxConnections is not null,
            IsBackup = settings.IsBackup,
            MaxConnections = byHand?.MaxConnections ?? settings.MaxConnections,
            Connections = 0,
            Connected = 0,
            Failed = 0,
        };
    }

    private static UpstreamSnapshot Take(PoolMember member)
    {
        MemberSettings settings = member.Settings;
        return new UpstreamSnapshot
        {
            Address = member.Address,
            Name = settings.Source == member.Address ? null : settings.Source,
            State = member.State,
            Administration = member.Administration,
            SetByHandAt = member.ByHand is { IsEmpty: false } setting ? setting.Since : null,
            Weight = member.Weight,
            ConfiguredWeight = member.ByHand?.Weight is null ? null : settings.Weight,
            HasMaximumByHand = member.ByHand?.MaxConnections is not null,
            IsBackup = settings.IsBackup,
            PriorityGroup = settings.PriorityGroup,
            MaxConnections = member.MaxConnections,
            Connections = member.Upstream.Connections,
            Connected = member.Connected,
            Failed = member.Failed,
        };
    }

    private static LoopSnapshot Take(Shard shard) => new()
    {
        Number = shard.Number,
        Connections = shard.Connections,
        Selects = shard.Loop.Statistics.Selects,
        Watched = shard.Loop.Watching - shard.Loop.Parked,
        Parked = shard.Loop.Parked,
        BusyTime = shard.Loop.Statistics.BusyTime,
        LongestTurn = shard.Loop.Statistics.Longest,
    };
}
