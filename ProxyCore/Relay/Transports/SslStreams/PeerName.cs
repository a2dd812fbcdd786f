using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ProxyCore.Diagnostics;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>The name in a certificate, as text that is safe to print, in the form of RFC 2253: the most specific part first.</summary>
internal static class PeerName
{
    private const string CommonName = "2.5.4.3";
    private const string Special = ",+\"\\<>;";

    /// <summary>The subject, and the most specific common name in it.</summary>
    internal static (string Subject, string? CommonName) Of(X509Certificate2 certificate)
    {
        var subject = new StringBuilder();
        string? commonName = null;
        foreach (X500RelativeDistinguishedName part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements || part.GetSingleElementValue() is not { } value)
            {
                return (ToAscii(certificate.Subject), commonName);
            }

            System.Security.Cryptography.Oid type = part.GetSingleElementType();
            commonName ??= type.Value == CommonName ? Printable.Escape(Encoding.UTF8.GetBytes(value)) : null;
            subject.Append(subject.Length == 0 ? string.Empty : ",").Append(ShortName(type.FriendlyName) ?? type.Value).Append('=');
            AppendEscaped(subject, value);
        }

        return (subject.ToString(), commonName);
    }

    /// <summary>The text with a question mark for each character that is not printable ASCII.</summary>
    internal static string ToAscii(string text) =>
        string.Create(text.Length, text, static (target, source) =>
        {
            for (int index = 0; index < source.Length; index++)
            {
                target[index] = source[index] is >= ' ' and <= '~' ? source[index] : '?';
            }
        });

    // Windows has names of its own for two.
    private static string? ShortName(string? name) => name switch
    {
        "S" => "ST",
        "E" => "emailAddress",
        _ => name,
    };

    private static void AppendEscaped(StringBuilder text, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        for (int index = 0; index < bytes.Length; index++)
        {
            char one = (char)bytes[index];
            bool isAtBorder = (index == 0 && one is ' ' or '#') || (index == bytes.Length - 1 && one == ' ');
            if (one is < ' ' or > '~')
            {
                text.Append('\\').Append(bytes[index].ToString("X2", CultureInfo.InvariantCulture));
                continue;
            }

            text.Append(isAtBorder || Special.Contains(one, StringComparison.Ordinal) ? "\\" : string.Empty).Append(one);
        }
    }
}
