using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace ProxyCore.Certificates;

/// <summary>
/// Opens keys that are encrypted in the way of OpenSSL before PKCS #8 (RFC 1421, with a password): .NET does not. The lines
/// <c>Proc-Type: 4,ENCRYPTED</c> and <c>DEK-Info: AES-256-CBC,…</c> say so.
/// </summary>
internal static partial class TraditionalKey
{
    private const int SaltLength = 8;

    /// <summary>Whether a key is encrypted in this way.</summary>
    internal static bool IsEncrypted(PemBlock block) => block.Headers.Contains("ENCRYPTED", StringComparison.Ordinal);

    /// <summary>Decrypts a key.</summary>
    /// <returns>Its DER, or, now and then, garbage when the password is wrong; null when it is wrong for certain.</returns>
    /// <exception cref="CertificateException">The cipher is not supported, or the block is not well formed.</exception>
    internal static Secret<byte>? Decrypt(PemBlock block, ReadOnlySpan<byte> password)
    {
        Match found = Info().Match(block.Headers);
        if (!found.Success)
        {
            throw block.Error("the line DEK-Info of this key names no cipher with an initialization vector");
        }

        byte[] vector = Convert.FromHexString(found.Groups["vector"].ValueSpan);
        using SymmetricAlgorithm cipher = CipherOf(block, found.Groups["cipher"].Value);
        if (vector.Length != cipher.BlockSize / 8)
        {
            throw block.Error("the line DEK-Info of this key has an initialization vector of the wrong length");
        }

        using Secret<byte> key = Derive(password, vector.AsSpan(0, SaltLength), cipher.KeySize / 8);
        using Secret<byte> encrypted = block.Decode();
        cipher.SetKey(key.Span);
        var decrypted = new Secret<byte>(encrypted.Length);
        if (TryDecrypt(cipher, encrypted.Span, vector, decrypted))
        {
            return decrypted;
        }

        decrypted.Dispose();
        return null;
    }

    private static bool TryDecrypt(SymmetricAlgorithm cipher, ReadOnlySpan<byte> encrypted, byte[] vector, Secret<byte> decrypted)
    {
        try
        {
            bool isDone = cipher.TryDecryptCbc(encrypted, vector, decrypted.Buffer, out int written);
            decrypted.SetLength(written);
            return isDone;
        }
        catch (CryptographicException)
        {
            // The padding is not as it should be.
            return false;
        }
    }

#pragma warning disable CA5350, CA5351 // The format has no other cipher and no other hash; it protects files that exist.
    private static SymmetricAlgorithm CipherOf(PemBlock block, string name)
    {
        if (name == "DES-EDE3-CBC")
        {
            return TripleDES.Create();
        }

        Aes aes = Aes.Create();
        aes.KeySize = name switch
        {
            "AES-128-CBC" => 128,
            "AES-192-CBC" => 192,
            "AES-256-CBC" => 256,
            _ => throw block.Error("this key is encrypted with a cipher other than AES-…-CBC and DES-EDE3-CBC: convert it with openssl pkcs8 -topk8"),
        };
        return aes;
    }

    /// <summary>EVP_BytesToKey of OpenSSL with MD5 and one round: each hash is of the one before, the password and the salt.</summary>
    private static Secret<byte> Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int length)
    {
        var key = new Secret<byte>(length);
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        using var hasher = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        for (int done = 0; done < length; done += hash.Length)
        {
            if (done > 0)
            {
                hasher.AppendData(hash);
            }

            hasher.AppendData(password);
            hasher.AppendData(salt);
            hasher.GetHashAndReset(hash);
            hash[..Math.Min(hash.Length, length - done)].CopyTo(key.Buffer[done..]);
        }

        CryptographicOperations.ZeroMemory(hash);
        return key;
    }
#pragma warning restore CA5350, CA5351

    // Whole bytes; the longest block of these ciphers has 16.
    [GeneratedRegex(@"^DEK-Info:\s*(?<cipher>[A-Z0-9-]+)\s*,\s*(?<vector>([0-9A-Fa-f]{2}){8,16})\s*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Info();
}
