using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxyCore.Settings;

namespace ProxyCore.Certificates;

/// <summary>Reads certificates with their keys: PEM, in one file or two, or PKCS #12.</summary>
/// <remarks>On Linux, .NET ends the process when it needs OpenSSL and does not find it: the caller makes sure first.</remarks>
internal static class CertificateLoader
{
    /// <summary>Reads a pair.</summary>
    /// <exception cref="CertificateException">A file can't be used, or the key does not belong to the certificate.</exception>
    internal static LoadedCertificate Load(CertificateSettings settings)
    {
        using Password? password = settings.PasswordPath is { } path ? Password.Read(path) : null;
        using CertificateFile file = CertificateFile.Read(settings.CertificatePath);
        try
        {
            return Load(file, settings.KeyPath, password);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or NotSupportedException)
        {
            // .NET reads the key and the extensions of a certificate only when they are asked for.
            throw file.Error("the certificate in it is damaged, or its key can't be used");
        }
    }

    private static LoadedCertificate Load(CertificateFile file, string? keyPath, Password? password)
    {
        if (PemText.IsIn(file.Content.Span))
        {
            return LoadPem(file, keyPath, password);
        }

        if (!Pkcs12.IsIn(file.Content.Span))
        {
            throw file.Error("no certificate in it: it is neither PEM nor PKCS #12");
        }

        return keyPath is null || keyPath == file.Path
            ? LoadPkcs12(file, password)
            : throw file.Error($"a PKCS #12 file has the key in it: leave {nameof(CertificateOptions.Key)} out");
    }

    private static LoadedCertificate LoadPem(CertificateFile file, string? keyPath, Password? password)
    {
        List<X509Certificate2> certificates = CertificatesInPem.Read(file);
        CertificateFile? keyFile = null;
        try
        {
            keyFile = keyPath is null || keyPath == file.Path ? file : CertificateFile.Read(keyPath);
            using PrivateKey key = KeyReader.Read(keyFile, password, out bool isEncrypted);

            // The certificate of the key, though it may not be the first.
            X509Certificate2 leaf = certificates.Find(key.BelongsTo)
                ?? throw new CertificateException($"the private key in {keyFile.Path} does not belong to the certificate in {file.Path}");
            return Make(certificates, leaf, key, IsExposed(keyFile, isEncrypted ? password : null));
        }
        finally
        {
            keyFile?.Dispose();
            certificates.ForEach(static one => one.Dispose());
        }
    }

    private static LoadedCertificate LoadPkcs12(CertificateFile file, Password? password)
    {
        X509Certificate2[] certificates = Pkcs12.Read(file, password);
        try
        {
            X509Certificate2 leaf = Pkcs12.FindLeaf(file, certificates);
            using PrivateKey key = PrivateKey.Of(leaf) ?? throw file.Error("the private key in it is neither RSA nor ECDSA");
            return Make(certificates, leaf, key, IsExposed(file, password is { Characters.IsEmpty: false } ? password : null));
        }
        finally
        {
            Array.ForEach(certificates, static one => one.Dispose());
        }
    }

    private static LoadedCertificate Make(IReadOnlyList<X509Certificate2> certificates, X509Certificate2 leaf, PrivateKey key, bool isExposed)
    {
        Secret<byte> exported = key.Export();
        try
        {
            return new LoadedCertificate(leaf, ChainOrder.Sort(certificates, leaf), exported, isExposed);
        }
        catch
        {
            exported.Dispose();
            throw;
        }
    }

    /// <summary>Whether every user of the system may read the key; an encrypted one, when they may read the password, too.</summary>
    private static bool IsExposed(CertificateFile keyFile, Password? password) =>
        keyFile.OthersMayRead && password is not { OthersMayRead: false };
}
