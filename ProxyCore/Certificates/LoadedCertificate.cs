using System.Net;
using System.Security.Cryptography.X509Certificates;
using ProxyCore.Diagnostics;

namespace ProxyCore.Certificates;

/// <summary>
/// A certificate as it was read from its files, with its key until that is cleared. All but the key is immutable. Any thread.
/// </summary>
internal sealed class LoadedCertificate : IDisposable
{
    private volatile Secret<byte>? _key;

    /// <param name="certificate">The certificate.</param>
    /// <param name="chain">The certificate, then those that have issued it, each as DER.</param>
    /// <param name="key">The key, as DER of PKCS #8; it belongs to this from now on.</param>
    /// <param name="isKeyExposed">See <see cref="IsKeyExposed"/>.</param>
    internal LoadedCertificate(
        X509Certificate2 certificate, IReadOnlyList<ReadOnlyMemory<byte>> chain, Secret<byte> key, bool isKeyExposed)
    {
        Chain = chain;
        _key = key;
        IsKeyExposed = isKeyExposed;
        Addresses = CertificateNames.AddressesOf(certificate);
        Names = CertificateNames.Of(certificate, Addresses);
        NotBefore = new DateTimeOffset(certificate.NotBefore).ToUniversalTime();
        NotAfter = new DateTimeOffset(certificate.NotAfter).ToUniversalTime();
        Serial = certificate.SerialNumber;
        Subject = Printable.Shorten(certificate.Subject);
    }

    /// <summary>The certificate, then those that have issued it, each as DER.</summary>
    internal IReadOnlyList<ReadOnlyMemory<byte>> Chain { get; }

    /// <summary>The private key as DER of PKCS #8; empty once it is cleared. Whoever uses it must not copy it.</summary>
    internal ReadOnlyMemory<byte> Key => _key?.Memory ?? default;

    /// <summary>The server names that it is for, in normal form; a wildcard, <c>*.b.example</c>, is for names with one label more.</summary>
    internal IReadOnlyList<string> Names { get; }

    /// <summary>The addresses that it is for.</summary>
    internal IReadOnlyList<IPAddress> Addresses { get; }

    /// <summary>Since when it is valid, in UTC.</summary>
    internal DateTimeOffset NotBefore { get; }

    /// <summary>How long it is valid, in UTC.</summary>
    internal DateTimeOffset NotAfter { get; }

    /// <summary>Its serial number, hexadecimal, as openssl shows it.</summary>
    internal string Serial { get; }

    /// <summary>Whose it is, safe to print; empty for some certificates that have alternative names.</summary>
    internal string Subject { get; }

    /// <summary>Whether every user of the system may read the key, as far as the permissions of its files go. False on Windows.</summary>
    internal bool IsKeyExposed { get; private set; }

    /// <summary>Whether another reading has come to the same: certificates that are the same have the same key.</summary>
    internal bool IsSameAs(LoadedCertificate other)
    {
        if (Chain.Count != other.Chain.Count)
        {
            return false;
        }

        for (int i = 0; i < Chain.Count; i++)
        {
            if (!Chain[i].Span.SequenceEqual(other.Chain[i].Span))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes the key of another reading of the same certificate, which has none afterwards, and how safe it is.</summary>
    internal void Renew(LoadedCertificate other)
    {
        ClearKey();
        _key = other._key;
        other._key = null;
        IsKeyExposed = other.IsKeyExposed;
    }

    /// <summary>Zeroes the key.</summary>
    internal void ClearKey() => _key?.Dispose();

    /// <summary>Zeroes the key.</summary>
    public void Dispose() => ClearKey();
}
