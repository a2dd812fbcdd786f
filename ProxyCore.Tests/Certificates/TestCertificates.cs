using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxyCore.Tests.Certificates;

/// <summary>Makes certificates for tests.</summary>
internal static class TestCertificates
{
    private static readonly DateTimeOffset _from = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A certificate of its own issuer, with a key on P-256 and alternative names.</summary>
    internal static X509Certificate2 Make(params string[] names) => Make("CN=test", names, [], _from, _from.AddYears(1));

    internal static X509Certificate2 Make(
        string subject, string[] names, string[] addresses, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (names.Length + addresses.Length > 0)
        {
            request.CertificateExtensions.Add(AlternativeNames(names, addresses));
        }

        return request.CreateSelfSigned(notBefore, notAfter);
    }

    internal static X509Certificate2 MakeValid(DateTimeOffset notBefore, DateTimeOffset notAfter) =>
        Make("CN=test", ["a.example"], [], notBefore, notAfter);

    internal static X509Certificate2 MakeRsa()
    {
        using var key = RSA.Create(2048);
        return new CertificateRequest("CN=rsa.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(_from, _from.AddYears(1));
    }

    /// <summary>A certificate that another one has issued.</summary>
    internal static X509Certificate2 Issue(X509Certificate2 issuer, string subject, bool isAuthority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        using X509Certificate2 issued = request.Create(
            issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(issuer.GetECDsaPrivateKey()!), _from, _from.AddYears(1), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>The key as PEM of PKCS #8.</summary>
    internal static string KeyOf(X509Certificate2 certificate) => PrivateKeyOf(certificate).ExportPkcs8PrivateKeyPem();

    /// <summary>The key as PEM of the traditional kind.</summary>
    internal static string TraditionalKeyOf(X509Certificate2 certificate) => PrivateKeyOf(certificate) switch
    {
        RSA rsa => rsa.ExportRSAPrivateKeyPem(),
        ECDsa ec => ec.ExportECPrivateKeyPem(),
        _ => throw new NotSupportedException(),
    };

    /// <summary>The key as PEM of PKCS #8, encrypted.</summary>
    internal static string EncryptedKeyOf(X509Certificate2 certificate, string password) =>
        PrivateKeyOf(certificate).ExportEncryptedPkcs8PrivateKeyPem(password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));

    internal static AsymmetricAlgorithm PrivateKeyOf(X509Certificate2 certificate) =>
        (AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey()!;

    private static X509Extension AlternativeNames(string[] names, string[] addresses)
    {
        var builder = new SubjectAlternativeNameBuilder();
        Array.ForEach(names, builder.AddDnsName);
        Array.ForEach(addresses, address => builder.AddIpAddress(IPAddress.Parse(address)));
        return builder.Build();
    }
}
