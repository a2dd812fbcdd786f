using ProxyCore.Relay.Transports;

namespace ProxyCore.Cli;

/// <summary>The OpenSSL of the system, which .NET's own TLS and certificates use on Linux.</summary>
internal static class OpenSslLibrary
{
    /// <summary>Makes sure that .NET can load it: if not, .NET aborts the process at the first use of TLS or of a certificate.</summary>
    /// <param name="option">What needs it.</param>
    /// <exception cref="IOException">It can't be loaded.</exception>
    internal static void Require(string option)
    {
        if (TlsEngines.Load(TlsEngineKind.SslStream, out string? cause) is null)
        {
            throw new IOException($"{option}: {cause}");
        }
    }
}
