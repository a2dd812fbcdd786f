using System.Net;

namespace ProxyCore.Upstreams;

/// <summary>What a pool is told of one of its upstreams.</summary>
/// <param name="Address">Its name in logs, and within the pool.</param>
/// <param name="EndPoints">Where to connect to: the addresses in the order to try them, at least one.</param>
/// <param name="Weight">Its share of the connections; 0 gets none.</param>
/// <param name="MaxConnections">How many it may have at a time; null has no limit.</param>
/// <param name="IsBackup">Whether it stands in only when no other can be had.</param>
internal sealed record MemberSettings(
    string Address, IReadOnlyList<EndPoint> EndPoints, int Weight, int? MaxConnections, bool IsBackup);
