using System.Net;
using ProxyCore.Settings;

namespace ProxyCore.Upstreams;

/// <summary>The settings of one upstream of a pool. Immutable.</summary>
/// <param name="Address">Its name in logs, and within the pool.</param>
/// <param name="EndPoints">Its addresses, in the order to try them; at least one.</param>
/// <param name="Weight">Its share of the connections; 0 gets none.</param>
/// <param name="MaxConnections">The most connections that it may have at a time; null is no limit.</param>
/// <param name="IsBackup">Whether it gets connections only when no other upstream may.</param>
internal sealed record MemberSettings(
    string Address, IReadOnlyList<EndPoint> EndPoints, int Weight, int? MaxConnections, bool IsBackup)
{
    /// <summary>The configured address that it comes from: its own, or the name that has it among its addresses.</summary>
    internal string Source { get; init; } = Address;

    /// <summary>Its place by priority among those with the same <see cref="IsBackup"/>: the lowest come first.</summary>
    internal int PriorityGroup { get; init; }

    /// <summary>The PROXY header that it gets; null for none.</summary>
    internal SendProxyProtocolSettings? SendProxyProtocol { get; init; }

    /// <summary>The TLS that is spoken to it; null when none is.</summary>
    internal IUpstreamTls? Tls { get; init; }
}
