using ProxyCore.Relay.Transports;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Encrypting;

/// <summary>The certificates of an endpoint that ends TLS, as they are now. Any thread.</summary>
internal sealed class ListenerTls(ListenTlsSettings settings)
{
    private volatile CertificateContexts? _contexts;

    internal ListenTlsSettings Settings => settings;

    /// <summary>What a client is served with.</summary>
    /// <param name="serverName">The name that it asks for; null for none.</param>
    /// <param name="clients">Whether its route asks for certificates; null for what the endpoint says.</param>
    internal TlsContext ContextFor(string? serverName, ClientCertificateSettings? clients) => _contexts!.Find(serverName, clients);

    /// <summary>Whether a certificate has the name.</summary>
    internal bool HasName(string serverName) => _contexts!.Certificates.HasName(serverName);

    /// <summary>Serves new clients with others.</summary>
    internal void Use(CertificateContexts contexts) => _contexts = contexts;
}
