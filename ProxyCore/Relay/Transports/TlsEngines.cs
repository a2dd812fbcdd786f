using ProxyCore.Relay.Transports.OpenSsl;
using ProxyCore.Relay.Transports.SslStreams;

namespace ProxyCore.Relay.Transports;

/// <summary>Finds an implementation of TLS. Any thread.</summary>
internal static class TlsEngines
{
    /// <summary>Loads it; null when it can't be had, with the <paramref name="cause"/>.</summary>
    internal static TlsEngine? Load(TlsEngineKind kind, out string? cause)
    {
        cause = null;
        return kind switch
        {
            TlsEngineKind.OpenSsl => OpenSslEngine.TryLoad(out cause),
            TlsEngineKind.SslStream => SslStreamEngine.TryCreate(out cause),
            _ => (TlsEngine?)OpenSslEngine.TryLoad(out _) ?? SslStreamEngine.TryCreate(out cause),
        };
    }
}
