using System.Security.Cryptography.X509Certificates;

namespace ProxyCore.Certificates;

/// <summary>Reads files with the certificates of certificate authorities (CA).</summary>
/// <remarks>On Linux, .NET ends the process when it needs OpenSSL and does not find it: the caller makes sure first.</remarks>
internal static class CaLoader
{
    /// <summary>Reads a PEM file.</summary>
    /// <param name="path">The whole path.</param>
    /// <returns>Each certificate as DER, at least one, in the order of the file.</returns>
    /// <exception cref="CertificateException">The file can't be used.</exception>
    internal static IReadOnlyList<ReadOnlyMemory<byte>> Load(string path)
    {
        using CertificateFile file = CertificateFile.Read(path);
        List<X509Certificate2> certificates = CertificatesInPem.Read(file);
        try
        {
            return [.. certificates.Select(static one => (ReadOnlyMemory<byte>)one.RawData)];
        }
        finally
        {
            certificates.ForEach(static one => one.Dispose());
        }
    }
}
