using System.Security.Cryptography;

namespace ProxyCore.Certificates;

/// <summary>Reads private keys of PEM files: PKCS #8 and traditional ones, encrypted or not.</summary>
internal static class KeyReader
{
    private const string Plain = "PRIVATE KEY";
    private const string Encrypted = "ENCRYPTED PRIVATE KEY";
    private const string TraditionalRsa = "RSA PRIVATE KEY";
    private const string TraditionalEc = "EC PRIVATE KEY";

    // 1.3.6.1.4.1.11591.4.11 as DER (RFC 7914, section 7).
    private static ReadOnlySpan<byte> Scrypt => [0x06, 0x09, 0x2B, 0x06, 0x01, 0x04, 0x01, 0xDA, 0x47, 0x04, 0x0B];

    /// <summary>Reads the only key of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="password">What opens it, when it is encrypted; null for nothing.</param>
    /// <param name="isEncrypted">Whether it is.</param>
    /// <exception cref="CertificateException">There is not one key, or it can't be used.</exception>
    internal static PrivateKey Read(CertificateFile file, Password? password, out bool isEncrypted)
    {
        PemBlock[] keys = [.. PemText.Read(file).Where(static block => block.Label.EndsWith(Plain, StringComparison.Ordinal))];
        PemBlock key = keys switch
        {
            [] => throw file.Error("no private key in it"),
            [var only] => only,
            _ => throw file.Error("more than one private key in it"),
        };
        isEncrypted = key.Label == Encrypted || TraditionalKey.IsEncrypted(key);
        return Read(key, isEncrypted, password);
    }

    private static PrivateKey Read(PemBlock block, bool isEncrypted, Password? password)
    {
        if (isEncrypted && password is null)
        {
            throw block.Error($"this private key is encrypted, and no {nameof(CertificateOptions.PasswordFile)} is configured");
        }

        using Secret<byte>? der = TraditionalKey.IsEncrypted(block) ? TraditionalKey.Decrypt(block, password!.Bytes) : block.Decode();
        PrivateKey? key = (der, block.Label) switch
        {
            (null, _) => null,
            (_, Plain) => Import(der, static (key, bytes) => key.ImportPkcs8PrivateKey(bytes, out _)),
            (_, Encrypted) => Import(RequireKnownCipher(block, der), (key, bytes) => key.ImportEncryptedPkcs8PrivateKey(password!.Characters, bytes, out _)),
            (_, TraditionalRsa) => Import<RSA>(der, static (key, bytes) => key.ImportRSAPrivateKey(bytes, out _)),
            (_, TraditionalEc) => Import<ECDsa>(der, static (key, bytes) => key.ImportECPrivateKey(bytes, out _)),
            _ => throw block.Error($"a {block.Label} is not supported: RSA keys and keys on elliptic curves (ECDSA) are"),
        };
        return key ?? throw (isEncrypted
            ? new CertificateException($"the password in {password!.Path} does not open the private key in {block.File.Path}, or the key is neither RSA nor ECDSA")
            : block.Error("this private key can't be read: it is damaged, or neither RSA nor ECDSA"));
    }

    /// <summary>PKCS #8 does not say what kind of key it has before it is opened.</summary>
    private static PrivateKey? Import(Secret<byte> der, Action<AsymmetricAlgorithm, ReadOnlySpan<byte>> import) =>
        Import<RSA>(der, import) ?? Import<ECDsa>(der, import);

    private static PrivateKey? Import<T>(Secret<byte> der, Action<T, ReadOnlySpan<byte>> import)
        where T : AsymmetricAlgorithm
    {
        AsymmetricAlgorithm key = typeof(T) == typeof(RSA) ? RSA.Create() : ECDsa.Create();
        try
        {
            import((T)key, der.Span);
            return new PrivateKey(key);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or NotSupportedException)
        {
            key.Dispose();
            return null;
        }
    }

    private static Secret<byte> RequireKnownCipher(PemBlock block, Secret<byte> der) => der.Span.IndexOf(Scrypt) < 0
        ? der
        : throw block.Error("this private key is encrypted with scrypt, which .NET does not open: convert it with openssl pkcs8 -topk8 -v2 aes-256-cbc");
}
