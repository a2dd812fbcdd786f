using System.ComponentModel;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>What SslStream throws, in words.</summary>
internal static class HandshakeFailure
{
    // Reasons of libssl for a peer's alert: 1000 and the alert's number (openssl/sslerr.h); they are the low bits of an error.
    private const int ReasonMask = 0xFFF;
    private const int FirstAlertReason = 1000;
    private const int LongestText = 100;

    /// <summary>Whether it is a fault of the peer or of TLS, and no error of the program.</summary>
    internal static bool IsOfTls(Exception exception) => exception
        is IOException or AuthenticationException or CryptographicException or Win32Exception or NotSupportedException
        or InvalidOperationException;

    /// <summary>Why the handshake failed, as a part of a sentence.</summary>
    internal static string Explain(Exception? exception, string peer)
    {
        Exception? innermost = exception;
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is CryptographicException && AlertNames.Explain((inner.HResult & ReasonMask) - FirstAlertReason, peer) is { } alert)
            {
                return alert;
            }

            innermost = inner;
        }

        return innermost is null ? "it failed" : Shorten(innermost.Message);
    }

    /// <summary>
    /// Errors of OpenSSL read "error:0A000102:SSL routines::unsupported protocol", and what .NET makes of some "… failed with
    /// OpenSSL error - ee key too small": the last part is the reason.
    /// </summary>
    private static string Shorten(string message)
    {
        const string Separator = "OpenSSL error - ";
        int separator = message.IndexOf(Separator, StringComparison.Ordinal);
        int start = separator >= 0 ? separator + Separator.Length : 0;
        string text = message.StartsWith("error:", StringComparison.Ordinal) ? message[(message.LastIndexOf(':') + 1)..] : message[start..];
        return SessionDescription.Printable(text.Length > LongestText ? text[..LongestText] : text).TrimEnd('.');
    }
}
