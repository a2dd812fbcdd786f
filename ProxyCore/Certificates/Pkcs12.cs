using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxyCore.Platform;

namespace ProxyCore.Certificates;

/// <summary>Reads files of PKCS #12, which have certificates and keys in them: <c>.pfx</c>, <c>.p12</c>.</summary>
internal static class Pkcs12
{
    // ERROR_INVALID_PASSWORD, on all systems.
    private const int WrongPassword = unchecked((int)0x80070056);

    /// <summary>Whether the content is PKCS #12, whatever the name of the file.</summary>
    internal static bool IsIn(ReadOnlySpan<byte> content)
    {
        try
        {
            return !content.IsEmpty && X509Certificate2.GetCertContentType(content) == X509ContentType.Pkcs12;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Reads the certificates; the caller disposes them. One of them has a key.</summary>
    /// <exception cref="CertificateException">They can't be read.</exception>
    internal static X509Certificate2[] Read(CertificateFile file, Password? password)
    {
        // macOS has no other place for keys than a key chain, a temporary one.
        X509KeyStorageFlags storage = TargetSystem.IsMacOS
            ? X509KeyStorageFlags.Exportable
            : X509KeyStorageFlags.Exportable | X509KeyStorageFlags.EphemeralKeySet;
        try
        {
            return [.. X509CertificateLoader.LoadPkcs12Collection(file.Content.Span, password is null ? default : password.Characters, storage)];
        }
        catch (CryptographicException exception) when (exception.HResult == WrongPassword)
        {
            throw password is null
                ? file.Error($"it is encrypted, and no {nameof(CertificateOptions.PasswordFile)} is configured")
                : new CertificateException($"the password in {password.Path} does not open {file.Path}");
        }
        catch (CryptographicException)
        {
            throw file.Error("this PKCS #12 file is damaged, or encrypted in a way that .NET does not open");
        }
    }

    /// <summary>The one certificate that has a key.</summary>
    /// <exception cref="CertificateException">There is not one.</exception>
    internal static X509Certificate2 FindLeaf(CertificateFile file, X509Certificate2[] certificates)
    {
        X509Certificate2[] leaves = Array.FindAll(certificates, static one => one.HasPrivateKey);
        return leaves switch
        {
            [] => throw file.Error("no private key in it that belongs to a certificate in it"),
            [var only] => only,
            _ => throw file.Error("more than one private key in it"),
        };
    }
}
