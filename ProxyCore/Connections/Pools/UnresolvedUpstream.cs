using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>An upstream whose name has no address yet. Immutable.</summary>
/// <param name="Settings">Its settings.</param>
/// <param name="ByHand">What its addresses will have by hand, once there are any; null when nothing was set.</param>
internal sealed record UnresolvedUpstream(UpstreamSettings Settings, HandSetting? ByHand)
{
    /// <summary>Whether an operator, or a weight of 0, would keep its addresses from getting connections.</summary>
    internal bool IsTakenOut =>
        (ByHand?.State ?? UpstreamAdministration.Ready) != UpstreamAdministration.Ready || (ByHand?.Weight ?? Settings.Weight) == 0;
}
