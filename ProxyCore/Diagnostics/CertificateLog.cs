using Microsoft.Extensions.Logging;

namespace ProxyCore.Diagnostics;

/// <summary>The lines about certificates; the ids are those of <see cref="Log"/>.</summary>
internal static partial class CertificateLog
{
    private const int MostNames = 10;

    [LoggerMessage(100, LogLevel.Information, "Certificate {File} is in use: {Names}; serial {Serial}, valid until {NotAfter:u}")]
    internal static partial void CertificateRead(this ILogger logger, string file, string names, string serial, DateTimeOffset notAfter);

    [LoggerMessage(101, LogLevel.Error, "{Error}; the certificate that was read before stays in use: serial {Serial}, valid until {NotAfter:u}")]
    internal static partial void CertificateNotRead(this ILogger logger, string error, string serial, DateTimeOffset notAfter);

    [LoggerMessage(102, LogLevel.Warning, "Certificate {File} expires in {Days} days, on {NotAfter:u}")]
    internal static partial void CertificateExpiresSoon(this ILogger logger, string file, int days, DateTimeOffset notAfter);

    [LoggerMessage(103, LogLevel.Warning, "Certificate {File} expired on {NotAfter:u}")]
    internal static partial void CertificateExpired(this ILogger logger, string file, DateTimeOffset notAfter);

    [LoggerMessage(104, LogLevel.Warning, "Certificate {File} is not valid before {NotBefore:u}")]
    internal static partial void CertificateNotYetValid(this ILogger logger, string file, DateTimeOffset notBefore);

    [LoggerMessage(105, LogLevel.Warning, "The private key in {File} can be read by every user of this system: take that permission away")]
    internal static partial void KeyExposed(this ILogger logger, string file);

    [LoggerMessage(106, LogLevel.Information, "{File} was read again: {Count} certificates of authorities")]
    internal static partial void AuthoritiesRead(this ILogger logger, string file, int count);

    [LoggerMessage(107, LogLevel.Error, "{Error}; the {Count} certificates of authorities that were read before stay in use")]
    internal static partial void AuthoritiesNotRead(this ILogger logger, string error, int count);

    /// <summary>Names as one text, which is not endless.</summary>
    internal static string TextOf(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "no names",
        <= MostNames => string.Join(", ", names),
        _ => FormattableString.Invariant($"{string.Join(", ", names.Take(MostNames))} and {names.Count - MostNames} more"),
    };
}
