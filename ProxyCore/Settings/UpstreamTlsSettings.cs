using System.Net;

namespace ProxyCore.Settings;

/// <summary>How TLS is spoken to an upstream. Immutable.</summary>
/// <param name="ServerName">The name to ask for and to verify, in normal form; null for none.</param>
/// <param name="Address">The address to verify, where there is no name; null for none.</param>
/// <param name="Verify">Whether the upstream's certificate is verified.</param>
/// <param name="CaPath">The file with the certificates that may have issued it; null for those that the system trusts.</param>
/// <param name="Certificate">The certificate that the upstream gets when it asks for one; null for none.</param>
/// <param name="Alpn">The application protocols to offer, most wanted first.</param>
/// <param name="FollowsClientAlpn">Whether the protocol is offered, alone, that the client has agreed on.</param>
/// <param name="MinimumVersion">The oldest version that is spoken.</param>
/// <param name="StartTls">How the upstream is asked for TLS.</param>
/// <param name="OnTruncation">What follows when the upstream ends without close_notify.</param>
internal sealed record UpstreamTlsSettings(
    string? ServerName,
    IPAddress? Address,
    bool Verify,
    string? CaPath,
    CertificateSettings? Certificate,
    ValueList<string> Alpn,
    bool FollowsClientAlpn,
    TlsVersion MinimumVersion,
    StartTlsMode StartTls,
    TruncationAction OnTruncation)
{
    /// <summary>What is configured, of a server that a source has found; null for what is configured itself.</summary>
    internal UpstreamTlsSettings? Template { get; init; }
}
