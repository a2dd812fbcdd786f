namespace ProxyCore.Settings;

/// <summary>What is configured of one upstream. Immutable.</summary>
/// <param name="Endpoint">Where it is.</param>
/// <param name="Weight">Its share of the connections; 0 gets none.</param>
/// <param name="MaxConnections">How many it may have at a time; null has no limit.</param>
/// <param name="IsBackup">Whether it stands in only when no other can be had.</param>
/// <param name="EachAddress">Whether each address of a name counts as an upstream of its own.</param>
internal sealed record UpstreamSettings(
    ProxyEndpoint Endpoint, int Weight, int? MaxConnections, bool IsBackup, bool EachAddress)
{
    /// <summary>The PROXY header that it gets; null for none.</summary>
    internal SendProxyProtocolSettings? SendProxyProtocol { get; init; }

    /// <summary>What finds its servers; null unless <see cref="Endpoint"/> is a <see cref="ProxyEndpointKind.Source"/>.</summary>
    internal IUpstreamSource? Source { get; init; }

    /// <summary>How TLS is spoken to it; null when it is not.</summary>
    internal UpstreamTlsSettings? Tls { get; init; }
}
