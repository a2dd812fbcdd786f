using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>An upstream whose name has no address yet, or a server of a source for which that is so. Immutable.</summary>
/// <param name="Address">Its name.</param>
/// <param name="Settings">The settings of the configured upstream.</param>
/// <param name="ByHand">What its addresses will have by hand, once there are any; null when nothing was set.</param>
/// <param name="LookupError">Why its last look-up failed; null before the first one is over.</param>
internal sealed record UnresolvedUpstream(string Address, UpstreamSettings Settings, HandSetting? ByHand, string? LookupError)
{
    /// <summary>The configured upstream that it is a server of; null when it is that itself.</summary>
    internal string? Source => Settings.Endpoint.ToString() is var source && source != Address ? source : null;

    /// <summary>Whether an operator, or a weight of 0, would keep its addresses from getting connections.</summary>
    internal bool IsTakenOut =>
        (ByHand?.State ?? UpstreamAdministration.Ready) != UpstreamAdministration.Ready || (ByHand?.Weight ?? Settings.Weight) == 0;
}
