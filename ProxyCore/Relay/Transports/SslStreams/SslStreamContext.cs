using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>What connections of one policy share, and how many there are. Immutable but for that; any thread.</summary>
/// <remarks>
/// .NET keeps OpenSSL's own context, with the key, of a certificate whose sessions can be resumed in a cache, until others
/// push it out. What is freed here is what this engine has loaded.
/// </remarks>
internal abstract class SslStreamContext(PeerPolicy policy, SslStreamIdentity? identity, X509Certificate2Collection? roots) : TlsContext
{
    private readonly Lock _lock = new();
    private int _connections;
    private bool _isDisposed;

    internal PeerPolicy Policy => policy;

    /// <summary>Begins the handshake; it completes within calls of the loop.</summary>
    /// <param name="session">One of this context.</param>
    /// <param name="alpn">The one protocol to offer instead of those of the context; null for those.</param>
    internal abstract Task AuthenticateAsync(SslStreamSession session, string? alpn);

    /// <summary>Counts a connection that begins.</summary>
    internal void Enter()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _connections++;
        }
    }

    /// <summary>Counts a connection that has ended.</summary>
    internal void Leave()
    {
        lock (_lock)
        {
            _connections--;
            FreeIfUnused();
        }
    }

    public override void Dispose()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                FreeIfUnused();
            }
        }
    }

    protected static SslProtocols VersionsFrom(TlsVersion minimum) =>
        minimum == TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13;

    private void FreeIfUnused()
    {
        if (!_isDisposed || _connections > 0)
        {
            return;
        }

        identity?.Dispose();
        if (roots is not null)
        {
            CertificateLists.Dispose(roots);
        }
    }
}
