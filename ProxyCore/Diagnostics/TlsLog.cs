using Microsoft.Extensions.Logging;

namespace ProxyCore.Diagnostics;

/// <summary>Lines of TLS; the ids are those of <see cref="Log"/>.</summary>
internal static partial class TlsLog
{
    [LoggerMessage(120, LogLevel.Information, "TLS by {Engine}")]
    internal static partial void TlsEngineLoaded(this ILogger logger, string engine);

    [LoggerMessage(121, LogLevel.Error, "New certificates can't be used, those of before stay in use: {Cause}")]
    internal static partial void CertificateNotUsed(this ILogger logger, string cause);
}
