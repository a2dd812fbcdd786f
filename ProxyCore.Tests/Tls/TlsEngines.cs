using ProxyCore.Relay.Transports;
using ProxyCore.Relay.Transports.OpenSsl;
using ProxyCore.Relay.Transports.SslStreams;

namespace ProxyCore.Tests.Tls;

/// <summary>The engines that every test of TLS runs on.</summary>
internal static class TlsEngines
{
    internal static IEnumerable<TlsEngineKind> All => [TlsEngineKind.OpenSsl, TlsEngineKind.SslStream];

    /// <summary>Those whose contexts keep sessions of their own: .NET keeps them by certificate and name, over all contexts.</summary>
    internal static IEnumerable<TlsEngineKind> WithOwnSessions => [TlsEngineKind.OpenSsl];

    /// <summary>The engine; a test that needs one which this system lacks is ignored.</summary>
    internal static TlsEngine Create(TlsEngineKind kind)
    {
        string? cause = "no engine of this kind";
        TlsEngine? engine = kind switch
        {
            TlsEngineKind.OpenSsl => OpenSslEngine.TryLoad(out cause),
            TlsEngineKind.SslStream => SslStreamEngine.TryCreate(out cause),
            _ => null,
        };
        if (engine is null)
        {
            Assert.Ignore(cause!);
        }

        return engine!;
    }
}
