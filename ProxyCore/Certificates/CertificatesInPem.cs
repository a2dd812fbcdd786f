using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxyCore.Certificates;

/// <summary>Reads the certificates of a PEM file.</summary>
internal static class CertificatesInPem
{
    private const string Trusted = "TRUSTED CERTIFICATE";

    /// <summary>Reads all certificates, at least one; the caller disposes them.</summary>
    /// <exception cref="CertificateException">There is none, or one is damaged.</exception>
    internal static List<X509Certificate2> Read(CertificateFile file)
    {
        List<X509Certificate2> certificates = [];
        try
        {
            foreach (PemBlock block in PemText.Read(file))
            {
                if (block.Label is "CERTIFICATE" or "X509 CERTIFICATE")
                {
                    certificates.Add(Read(block));
                }
                else if (block.Label == Trusted)
                {
                    throw block.Error($"a {Trusted} is in OpenSSL's own form: convert it with openssl x509");
                }
            }

            return certificates.Count > 0 ? certificates : throw file.Error("no certificate in it");
        }
        catch
        {
            certificates.ForEach(static one => one.Dispose());
            throw;
        }
    }

    private static X509Certificate2 Read(PemBlock block)
    {
        using Secret<byte> der = block.Decode();
        try
        {
            return X509CertificateLoader.LoadCertificate(der.Span);
        }
        catch (CryptographicException)
        {
            throw block.Error("this certificate is damaged");
        }
    }
}
