using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>An upstream whose name has no address yet. Immutable.</summary>
/// <param name="Settings">Its settings.</param>
/// <param name="ByHand">What its addresses will have by hand, once there are any; null when nothing was set.</param>
/// <param name="LookupError">Why its last look-up failed; null before the first one is over.</param>
internal sealed record UnresolvedUpstream(UpstreamSettings Settings, HandSetting? ByHand, string? LookupError);
