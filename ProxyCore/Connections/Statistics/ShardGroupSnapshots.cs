using ProxyCore.Connections.Counting;
using ProxyCore.Connections.Faults;
using ProxyCore.Connections.Pools;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Statistics;

/// <summary>Takes snapshots of the shards of a proxy. Any thread; the loops are not disturbed.</summary>
internal static class ShardGroupSnapshots
{
    internal static IReadOnlyList<RouteSnapshot> TakeRoutes(this ShardGroup group)
    {
        RouteSet routes = group.Routes;
        long now = group.SharedNow;
        ILookup<Route, BoundEndpoint> endpoints = EndpointsOf(routes);
        return [.. routes.Routes.Values.Select(route => Take(route, endpoints[route], now))];
    }

    internal static IReadOnlyList<LoopSnapshot> TakeLoops(this ShardGroup group) => [.. group.Shards.Select(Take)];

    /// <summary>Where each route is listened on.</summary>
    private static ILookup<Route, BoundEndpoint> EndpointsOf(RouteSet routes) => routes.Endpoints
        .SelectMany(static endpoint => endpoint.Routes.AllRoutes, static (endpoint, route) => (endpoint, route))
        .ToLookup<(BoundEndpoint, Route), Route, BoundEndpoint>(static one => one.Item2, static one => one.Item1, ReferenceEqualityComparer.Instance);

    private static RouteSnapshot Take(Route route, IEnumerable<BoundEndpoint> endpoints, long now) => new()
    {
        Name = route.Settings.Name,
        Endpoints =
        [
            .. endpoints.SelectMany(static endpoint => endpoint.Listeners)
                .Select(static listener => EndPointText.Of(listener.LocalEndPoint))
                .Distinct(),
        ],
        Balancing = route.Settings.Pool.Balancing,
        Statistics = TrafficSum.Of([route.Counters]).ToStatistics(),
        Queued = route.Pool.Queued,
        Upstreams = Take(route.Pool.Known, now),
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

    private static UpstreamSnapshot[] Take(KnownUpstreams known, long now) =>
    [
        .. known.Members.Select(member => Take(member, now)),
        .. known.Unresolved.Select(Take),
    ];

    private static UpstreamSnapshot Take(UnresolvedUpstream upstream)
    {
        (string address, UpstreamSettings settings, HandSetting? byHand, string? error) = upstream;
        return new UpstreamSnapshot
        {
            Address = address,
            Name = upstream.Source,
            State = UpstreamState.Unresolved,
            Cause = error,
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

    private static UpstreamSnapshot Take(PoolMember member, long now)
    {
        MemberSettings settings = member.Settings;
        CheckNote? check = member.LastCheck;
        return new UpstreamSnapshot
        {
            Address = member.Address,
            Name = settings.Source == member.Address ? null : settings.Source,
            State = member.State,
            StateSince = member.LastChange?.Since,
            Cause = member.LastChange?.Cause ?? member.Failing?.Cause,
            FailingSince = member.Failing?.Since,
            FailuresInRow = member.Health.FailuresInRow,
            LastCheckAt = check?.At,
            LastCheckDuration = check?.Duration,
            LastCheckFailure = check?.Cause,
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
            ConnectedPerSecond = member.Sessions.At(now),
            MostConnectedPerSecond = member.Sessions.Peak,
            BytesToUpstream = member.Traffic.BytesToUpstream,
            BytesToClients = member.Traffic.BytesToClients,
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
