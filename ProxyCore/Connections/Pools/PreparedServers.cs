using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>The list of a source, ready for use. Immutable, any thread.</summary>
/// <param name="Servers">The servers.</param>
/// <param name="ConfiguredTls">How TLS is spoken to the upstream that they were found for; null when it is not.</param>
/// <param name="Tls">The TLS of each server, made ready; empty when none is spoken.</param>
internal sealed record PreparedServers(
    FoundServers Servers, UpstreamTlsSettings? ConfiguredTls, IReadOnlyDictionary<ProxyEndpoint, IUpstreamTls> Tls)
{
    /// <summary>Nothing was found.</summary>
    internal static PreparedServers None { get; } = new(FoundServers.None, ConfiguredTls: null, new Dictionary<ProxyEndpoint, IUpstreamTls>());

    /// <summary>The servers that connections can be made to. A server whose TLS is not ready is left out until it is.</summary>
    internal IEnumerable<FoundServer> Usable => ConfiguredTls is null ? Servers.All : Servers.All.Where(server => Tls.ContainsKey(server.Endpoint));

    /// <summary>Whether both are the same to those who use them.</summary>
    internal bool IsLike(PreparedServers other) =>
        Servers.All == other.Servers.All && ConfiguredTls == other.ConfiguredTls && Tls.Count == other.Tls.Count;
}
