using ProxyCore.Connections.Pools;
using ProxyCore.Connections.Statistics;
using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>A route at work: its settings, which are those of its listeners and new connections, and its pool.</summary>
/// <param name="Settings">What is configured.</param>
/// <param name="Pool">Where its connections get their upstreams. Shared with the routes that it takes the place of.</param>
/// <param name="Counters">What it has done. Shared likewise.</param>
internal sealed record Route(RouteSettings Settings, RoutePool Pool, RouteCounters Counters);
