namespace ProxyCore.Settings;

/// <summary>The PROXY header that an upstream gets. Immutable.</summary>
/// <param name="Version">The version.</param>
/// <param name="Tlvs">The additional values; none in version 1.</param>
internal sealed record SendProxyProtocolSettings(ProxyProtocolVersion Version, ProxyTlvs Tlvs);
