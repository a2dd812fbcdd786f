using ProxyCore.Relay.Transports;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Encrypting;

/// <summary>TLS to one upstream, with the certificates as they are now. Any thread.</summary>
internal sealed class UpstreamTls(UpstreamTlsSettings settings) : IUpstreamTls
{
    private volatile TlsContext? _context;

    public UpstreamTlsSettings Settings => settings;

    /// <summary>What a connection begins with.</summary>
    internal TlsContext Context => _context!;

    /// <summary>Whether connections can begin with it.</summary>
    internal bool IsReady => _context is not null;

    /// <summary>Begins new connections with another.</summary>
    internal void Use(TlsContext context) => _context = context;
}
