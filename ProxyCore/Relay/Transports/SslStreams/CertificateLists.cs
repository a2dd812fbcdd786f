using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>Certificates as DER, and as .NET has them.</summary>
internal static class CertificateLists
{
    /// <exception cref="TlsException">One is no certificate.</exception>
    internal static X509Certificate2Collection Load(IReadOnlyList<ReadOnlyMemory<byte>> encoded, string what)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            foreach (ReadOnlyMemory<byte> one in encoded)
            {
                certificates.Add(X509CertificateLoader.LoadCertificate(one.Span));
            }
        }
        catch (CryptographicException exception)
        {
            Dispose(certificates);
            throw new TlsException($"{what} can't be read", exception);
        }

        return certificates;
    }

    internal static void Dispose(X509Certificate2Collection certificates)
    {
        foreach (X509Certificate2 certificate in certificates)
        {
            certificate.Dispose();
        }
    }
}
