using ProxyCore.Relay.Transports;
using ProxyCore.Relay.Transports.OpenSsl;

namespace ProxyCore.Tests.Tls;

/// <summary>The engines that every test of TLS runs on.</summary>
internal static class TlsEngines
{
    internal static IEnumerable<TlsEngineKind> All => [TlsEngineKind.OpenSsl];

    /// <summary>The engine; a test that needs one which this system lacks is ignored.</summary>
    internal static TlsEngine Create(TlsEngineKind kind)
    {
        string? cause = "no engine of this kind";
        TlsEngine? engine = kind == TlsEngineKind.OpenSsl ? OpenSslEngine.TryLoad(out cause) : null;
        if (engine is null)
        {
            Assert.Ignore(cause!);
        }

        return engine!;
    }
}
