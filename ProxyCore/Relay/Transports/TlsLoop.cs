using System.Net.Sockets;

namespace ProxyCore.Relay.Transports;

/// <summary>What all TLS connections of one loop share: the buffers for ciphertext. Belongs to the loop's thread.</summary>
internal abstract class TlsLoop : IDisposable
{
    /// <summary>Begins TLS as the server.</summary>
    /// <param name="context">Made by the same engine, for a server.</param>
    /// <param name="client">The socket of the client.</param>
    /// <param name="early">
    /// What was read from it already, a block of the loop's pool, which now belongs to the transport; null for nothing.
    /// </param>
    internal abstract TlsTransport Accept(TlsContext context, Socket client, PendingBytes? early);

    /// <summary>Begins TLS as the client.</summary>
    /// <param name="context">Made by the same engine, for a client.</param>
    /// <param name="upstream">The socket of the upstream, connected.</param>
    /// <param name="alpn">The one protocol to offer, instead of those of the context; null for those.</param>
    internal abstract TlsTransport Connect(TlsContext context, Socket upstream, string? alpn);

    /// <summary>Frees its buffers. All its connections have ended.</summary>
    public abstract void Dispose();
}
