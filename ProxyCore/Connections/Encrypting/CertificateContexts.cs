using ProxyCore.Certificates;
using ProxyCore.Relay.Transports;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Encrypting;

/// <summary>The certificates of an endpoint by name, and what clients are served with. Immutable, any thread.</summary>
/// <param name="certificates">The certificates.</param>
/// <param name="contexts">By the place of the certificate, and what a route says of client certificates: null for what the endpoint says.</param>
internal sealed class CertificateContexts(
    CertificateSet certificates, IReadOnlyDictionary<(int Certificate, ClientCertificateSettings? Clients), TlsContext> contexts)
{
    internal CertificateSet Certificates => certificates;

    internal TlsContext Find(string? serverName, ClientCertificateSettings? clients) => contexts[(certificates.Find(serverName), clients)];
}
