using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxyCore.Platform;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>A certificate with its key and chain, as SslStream takes it. Any thread.</summary>
internal sealed class SslStreamIdentity : IDisposable
{
    private const string RsaKey = "1.2.840.113549.1.1.1";
    private const string EllipticKey = "1.2.840.10045.2.1";
    private const string OtherKey = "the key does not belong to the certificate";

    private readonly X509Certificate2Collection _certificates;

    private SslStreamIdentity(X509Certificate2Collection certificates, SslStreamCertificateContext context)
    {
        _certificates = certificates;
        Context = context;
    }

    /// <summary>Made once: it looks for the chain, which costs more than a handshake.</summary>
    internal SslStreamCertificateContext Context { get; }

    /// <param name="identity">The certificate with its key.</param>
    /// <param name="clientCa">The CAs whose names clients get when they are asked for a certificate; null for none.</param>
    /// <exception cref="TlsException">The certificate or its key can't be used.</exception>
    internal static SslStreamIdentity Create(TlsIdentity identity, X509Certificate2Collection? clientCa)
    {
        X509Certificate2Collection certificates = CertificateLists.Load(identity.Chain, "the certificate");
        try
        {
            X509Certificate2 bare = certificates[0];
            certificates[0] = WithKey(bare, identity.Key.Span);
            bare.Dispose();
            X509Certificate2Collection issuers = [.. certificates.Skip(1)];
            var context = SslStreamCertificateContext.Create(certificates[0], issuers, offline: true, TrustOf(clientCa));
            TrialHandshake.Run(context);
            return new SslStreamIdentity(certificates, context);
        }
        catch (Exception exception)
        {
            CertificateLists.Dispose(certificates);
            if (exception is CryptographicException or ArgumentException or NotSupportedException or InvalidOperationException)
            {
                throw new TlsException("SslStream can't use the certificate with its key", exception);
            }

            throw;
        }
    }

    public void Dispose() => CertificateLists.Dispose(_certificates);

    private static X509Certificate2 WithKey(X509Certificate2 certificate, ReadOnlySpan<byte> key)
    {
        X509Certificate2 combined = Combine(certificate, key);
        if (!TargetSystem.IsWindows)
        {
            return combined;
        }

        // SChannel takes no key that lives in memory alone (dotnet/runtime issue 23749): through PKCS #12 it gets a name.
        using (combined)
        {
            byte[] bundle = combined.Export(X509ContentType.Pkcs12);
            try
            {
                return X509CertificateLoader.LoadPkcs12(bundle, password: null);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(bundle);
            }
        }
    }

    private static X509Certificate2 Combine(X509Certificate2 certificate, ReadOnlySpan<byte> key)
    {
        using AsymmetricAlgorithm algorithm = certificate.GetKeyAlgorithm() switch
        {
            RsaKey => RSA.Create(),
            EllipticKey => ECDsa.Create(),
            _ => throw new TlsException("SslStream takes RSA keys, and elliptic keys of the NIST curves, alone"),
        };
        ImportKey(algorithm, key, certificate.GetKeyAlgorithm());
        try
        {
            return algorithm is RSA rsa ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey((ECDsa)algorithm);
        }
        catch (ArgumentException exception)
        {
            throw new TlsException(OtherKey, exception);
        }
    }

    private static void ImportKey(AsymmetricAlgorithm algorithm, ReadOnlySpan<byte> key, string wanted)
    {
        try
        {
            algorithm.ImportPkcs8PrivateKey(key, out _);
        }
        catch (CryptographicException exception)
        {
            throw new TlsException(IsOfOtherKind(key, wanted) ? OtherKey : "the key can't be read", exception);
        }
    }

    private static bool IsOfOtherKind(ReadOnlySpan<byte> key, string wanted)
    {
        using AsymmetricAlgorithm other = wanted == RsaKey ? ECDsa.Create() : RSA.Create();
        try
        {
            other.ImportPkcs8PrivateKey(key, out _);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static SslCertificateTrust? TrustOf(X509Certificate2Collection? clientCa)
    {
        // SChannel sends the names of a store of the system only.
        return clientCa is null || clientCa.Count == 0 || TargetSystem.IsWindows
            ? null
            : SslCertificateTrust.CreateForX509Collection(clientCa, sendTrustInHandshake: true);
    }
}
