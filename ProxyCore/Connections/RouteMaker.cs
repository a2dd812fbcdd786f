using System.Net;
using ProxyCore.Connections.Faults;
using ProxyCore.Connections.Pools;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections;

/// <summary>Makes what a new route lives with. Any thread.</summary>
/// <param name="shards">The shards, of which the first has the pools.</param>
/// <param name="services">What the proxy is made with.</param>
internal sealed class RouteMaker(IReadOnlyList<Shard> shards, ProxyServices services)
{
    private readonly SharedLookups<IPAddress[]> _lookups = new(services.Lookup.Invoke);

    /// <summary>Ends all connections to an upstream, on all loops. Called on the thread of the pools.</summary>
    internal required Action<PoolMember, EndReason> EndSessions { get; init; }

    /// <summary>Reports that the health of an upstream has changed. Called on the thread of the pools.</summary>
    internal required Action<UpstreamReport> StateChanged { get; init; }

    /// <summary>Called when the time of a toxic is over. Any thread.</summary>
    internal required Action<RouteToxics> ToxicExpired { get; init; }

    internal IReadOnlyList<Shard> Shards => shards;

    /// <summary>Makes a pool; it does nothing before its start.</summary>
    internal RoutePool MakePool(RouteSettings route) => new(
        shards[0].Loop, shards.Count, services.TimeProvider, route, services.Logger, _lookups.LookUpAsync, shards[0].Tls, EndSessions, StateChanged);

    internal RouteToxics MakeToxics() => new(services.TimeProvider, services.Logger) { Expired = ToxicExpired };
}
