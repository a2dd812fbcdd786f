using System.Net;
using System.Security.Cryptography.X509Certificates;
using ProxyCore.Settings;

namespace ProxyCore.Certificates;

/// <summary>The names that a certificate is for.</summary>
internal static class CertificateNames
{
    private const string CommonName = "2.5.4.3";

    /// <summary>
    /// The names in normal form, wildcards as <c>*.b.example</c>. The common name counts only if the certificate has no
    /// alternative names at all, as RFC 6125 (6.4.4) has it: clients that still know it do the same. Names that no client can
    /// ask for, such as <c>a*.example</c>, are left out.
    /// </summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The extension is damaged.</exception>
    internal static IReadOnlyList<string> Of(X509Certificate2 certificate, IReadOnlyList<IPAddress> addresses)
    {
        string[] alternatives = [.. Extensions(certificate).SelectMany(static one => one.EnumerateDnsNames())];
        string[] names = alternatives.Length + addresses.Count > 0 ? alternatives : [.. CommonNames(certificate)];
        return [.. names.Select(Normalize).OfType<string>().Distinct()];
    }

    /// <summary>The addresses that a certificate is for. Clients that connect to one send no name, and get the default certificate.</summary>
    internal static IReadOnlyList<IPAddress> AddressesOf(X509Certificate2 certificate) =>
        [.. Extensions(certificate).SelectMany(static one => one.EnumerateIPAddresses())];

    private static IEnumerable<X509SubjectAlternativeNameExtension> Extensions(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>();

    private static IEnumerable<string> CommonNames(X509Certificate2 certificate) =>
        from part in certificate.SubjectName.EnumerateRelativeDistinguishedNames()
        where !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName
        select part.GetSingleElementValue();

    private static string? Normalize(string name) => ServerName.TryReadPattern(name, out string? normal, out _) ? normal : null;
}
