using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>The routes of one configured endpoint, while it is decided what is listened on. Made for one change.</summary>
/// <param name="Identity">The name of the endpoint within the configuration.</param>
/// <param name="Listen">The settings that all of its routes share.</param>
/// <param name="Routes">Its routes.</param>
internal sealed record EndpointGroup(string Identity, ListenSettings Listen, IReadOnlyList<Route> Routes)
{
    /// <summary>
    /// Whether <paramref name="other"/> is a part of this: it has no listener of its own then, because the system would not
    /// bind both.
    /// </summary>
    internal bool Covers(EndpointGroup other) => !ReferenceEquals(this, other) && ListenAddresses.Covers(Listen.Endpoint, other.Listen.Endpoint);
}
