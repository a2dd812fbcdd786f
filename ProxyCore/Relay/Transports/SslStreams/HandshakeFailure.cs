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

    // openssl/sslerr.h
    private const int VersionTooHigh = 166;
    private const int NoSharedCipher = 193;
    private const int NoApplicationProtocol = 235;
    private const int UnsupportedProtocol = 258;
    private const int VersionTooLow = 396;

    /// <summary>Whether it is a fault of the peer or of TLS, and no error of the program.</summary>
    internal static bool IsOfTls(Exception exception) => exception
        is IOException or AuthenticationException or CryptographicException or Win32Exception or NotSupportedException
        or InvalidOperationException;

    /// <summary>Whether OpenSSL's security level does not allow the key of a certificate: it was told "ee key too small".</summary>
    internal static bool IsKeyTooSmall(Exception exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner.Message.Contains("key too small", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Why the handshake failed, as a part of a sentence.</summary>
    internal static string Explain(Exception? exception, string peer)
    {
        Exception? innermost = exception;
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is CryptographicException && ExplainReason(inner.HResult & ReasonMask, peer) is { } cause)
            {
                return cause;
            }

            innermost = inner;
        }

        return innermost is null ? $"TLS with the {peer} failed" : $"TLS with the {peer} failed ({Shorten(innermost.Message)})";
    }

    private static string? ExplainReason(int reason, string peer) => reason switch
    {
        UnsupportedProtocol or VersionTooHigh or VersionTooLow => $"the {peer} and the proxy have no version of TLS in common",
        NoSharedCipher => $"the {peer} and the proxy have no cipher suite in common",
        NoApplicationProtocol => $"the {peer} and the proxy have no application protocol in common",
        _ => AlertNames.Explain(reason - FirstAlertReason, peer),
    };

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
        return PeerName.ToAscii(text.Length > LongestText ? text[..LongestText] : text).TrimEnd('.');
    }
}
