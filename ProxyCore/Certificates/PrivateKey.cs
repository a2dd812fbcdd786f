using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxyCore.Certificates;

/// <summary>A private key, RSA or on an elliptic curve.</summary>
internal sealed class PrivateKey : IDisposable
{
    // An RSA key of 16,384 bits takes 9 KB.
    private const int LongestExport = 64 * 1024;

    private readonly AsymmetricAlgorithm _key;

    internal PrivateKey(AsymmetricAlgorithm key) => _key = key;

    /// <summary>The key of a certificate that has one; null when it has none, or of another kind.</summary>
    internal static PrivateKey? Of(X509Certificate2 certificate) =>
        ((AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey()) is { } key ? new PrivateKey(key) : null;

    /// <summary>Whether a certificate is for this key.</summary>
    internal bool BelongsTo(X509Certificate2 certificate)
    {
        switch (_key)
        {
            case RSA mine:
                using (RSA? other = certificate.GetRSAPublicKey())
                {
                    return other is not null && IsSame(mine.ExportParameters(false), other.ExportParameters(false));
                }

            case ECDsa mine:
                using (ECDsa? other = certificate.GetECDsaPublicKey())
                {
                    return other is not null && IsSame(mine.ExportParameters(false), other.ExportParameters(false));
                }

            default:
                return false;
        }
    }

    /// <summary>The key as DER of PKCS #8.</summary>
    internal Secret<byte> Export()
    {
        for (int size = 4 * 1024; size <= LongestExport; size *= 2)
        {
            var exported = new Secret<byte>(size);
            if (_key.TryExportPkcs8PrivateKey(exported.Buffer, out int written))
            {
                exported.SetLength(written);
                return exported;
            }

            exported.Dispose();
        }

        throw new CryptographicException("The key is too long.");
    }

    public void Dispose() => _key.Dispose();

    private static bool IsSame(RSAParameters one, RSAParameters other) =>
        one.Modulus.AsSpan().SequenceEqual(other.Modulus) && one.Exponent.AsSpan().SequenceEqual(other.Exponent);

    // Points of two curves that have the same coordinates do not occur.
    private static bool IsSame(ECParameters one, ECParameters other) =>
        one.Q.X.AsSpan().SequenceEqual(other.Q.X) && one.Q.Y.AsSpan().SequenceEqual(other.Q.Y);
}
