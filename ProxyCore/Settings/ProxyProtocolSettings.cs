namespace ProxyCore.Settings;

/// <summary>From which senders an endpoint takes PROXY protocol headers. Immutable.</summary>
/// <param name="From">The addresses of the senders.</param>
/// <param name="FromUnix">Whether senders on a Unix socket are among them.</param>
/// <param name="Timeout">How long a header may take.</param>
/// <param name="Versions">The versions that are accepted.</param>
/// <param name="MaxHeaderBytes">The most bytes of a header.</param>
internal sealed record ProxyProtocolSettings(
    ValueList<AddressRange> From, bool FromUnix, TimeSpan Timeout, ProxyVersions Versions, int MaxHeaderBytes);
