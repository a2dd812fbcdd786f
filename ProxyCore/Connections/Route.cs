using ProxyCore.Connections.Counting;
using ProxyCore.Connections.Faults;
using ProxyCore.Connections.Limiting;
using ProxyCore.Connections.Pools;
using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>A route at work: its settings, which are those of its listeners and new connections, and its pool.</summary>
/// <param name="Settings">What is configured.</param>
/// <param name="Pool">Where its connections get their upstreams. Shared with the route that it continues.</param>
/// <param name="Counters">What it has done. Shared with that route too, unless their names differ.</param>
internal sealed record Route(RouteSettings Settings, RoutePool Pool, RouteCounters Counters)
{
    /// <summary>Which clients it lets in. Shared with the route that it continues.</summary>
    internal required ClientGate Gate { get; init; }

    /// <summary>The faults that it makes. Shared with the route that it continues.</summary>
    internal required RouteToxics Toxics { get; init; }

    /// <summary>What limits the bytes of its connections, if anything. Shared with the route that it continues.</summary>
    internal RouteBandwidth? Bandwidth { get; init; }
}
