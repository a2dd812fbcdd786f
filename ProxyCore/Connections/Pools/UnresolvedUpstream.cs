using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>An upstream whose name has no address yet. Immutable.</summary>
/// <param name="Settings">Its settings.</param>
/// <param name="ByHand">What its addresses will have by hand, once there are any; null when nothing was set.</param>
internal sealed record UnresolvedUpstream(UpstreamSettings Settings, HandSetting? ByHand);
