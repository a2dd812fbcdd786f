using static ProxyCore.Relay.Transports.OpenSsl.NativeSsl;

namespace ProxyCore.Relay.Transports.OpenSsl;

/// <summary>Why TLS with a peer has failed, in words, from what the last call of OpenSSL has left.</summary>
internal static class FailureCauses
{
    // ssl.h: an alert that was received is reported as this and its number.
    private const int FirstAlert = 1000;
    private const int LastAlert = FirstAlert + byte.MaxValue;

    // sslerr.h
    private const int NoSuitableKeyShare = 101;
    private const int VersionTooHigh = 166;
    private const int CertificateVerifyFailed = 134;
    private const int HttpRequest = 156;
    private const int HttpsProxyRequest = 155;
    private const int NoSharedCipher = 193;
    private const int NoCertificateReturned = 199;
    private const int NoApplicationProtocol = 235;
    private const int UnsupportedProtocol = 258;
    private const int WrongVersionNumber = 267;
    private const int VersionTooLow = 396;

    // x509_vfy.h
    private const int IssuerUnknown = 2;
    private const int NotYetValid = 9;
    private const int Expired = 10;
    private const int SelfSigned = 18;
    private const int SelfSignedInChain = 19;
    private const int IssuerUnknownLocally = 20;
    private const int SignatureUnverifiable = 21;
    private const int WrongPurpose = 26;
    private const int WrongName = 62;
    private const int WrongAddress = 64;

    /// <summary>The cause, as a part of a sentence.</summary>
    /// <param name="ssl">The connection, right after the call that failed.</param>
    /// <param name="peer">What the peer is to us.</param>
    /// <param name="expected">The name or address that its certificate must have, if any.</param>
    internal static string Of(nint ssl, string peer, string? expected)
    {
        (int library, int reason) = OpenSslErrors.First();
        if (library != OpenSslErrors.LibraryOfSsl)
        {
            return $"TLS with {peer} failed ({OpenSslErrors.FirstText()})";
        }

        return reason switch
        {
            >= FirstAlert and <= LastAlert => OfAlert(reason - FirstAlert, peer),
            CertificateVerifyFailed => OfVerification(SSL_get_verify_result(ssl), expected),
            NoCertificateReturned => $"{peer} sent no certificate",
            UnsupportedProtocol or VersionTooHigh or VersionTooLow => $"{peer} and the proxy have no version of TLS in common",
            NoSuitableKeyShare => $"{peer} and the proxy have no group for the key exchange in common",
            NoSharedCipher => $"{peer} and the proxy have no cipher suite in common",
            NoApplicationProtocol => $"{peer} and the proxy have no application protocol in common",
            HttpRequest or HttpsProxyRequest => $"{peer} speaks HTTP without TLS",
            WrongVersionNumber => $"{peer} does not speak TLS",
            _ => $"TLS with {peer} failed ({OpenSslErrors.FirstText()})",
        };
    }

    private static string OfAlert(int alert, string peer)
    {
        string name = AlertNames.Of(alert);
        return name switch
        {
            "unknown_ca" or "bad_certificate" or "certificate_unknown" => $"{peer} does not trust the certificate (alert {name})",
            "certificate_expired" => $"{peer} takes the certificate for expired (alert {name})",
            "certificate_required" => $"{peer} asks for a certificate (alert {name})",
            "protocol_version" => $"{peer} and the proxy have no version of TLS in common (alert {name})",
            "no_application_protocol" => $"{peer} and the proxy have no application protocol in common (alert {name})",
            "unrecognized_name" => $"{peer} does not know the name (alert {name})",
            _ => $"{peer} refused the handshake (alert {name})",
        };
    }

    private static string OfVerification(nint code, string? expected) => code switch
    {
        Expired => "the certificate has expired",
        NotYetValid => "the certificate is not valid yet",
        WrongName => $"the certificate is not for the name '{expected}'",
        WrongAddress => $"the certificate is not for the address {expected}",
        WrongPurpose => "the certificate is not made for this purpose",
        IssuerUnknown or SelfSigned or SelfSignedInChain or IssuerUnknownLocally or SignatureUnverifiable =>
            $"the certificate is from no trusted CA ({OpenSslErrors.VerificationText(code)})",
        _ => $"the certificate does not verify ({OpenSslErrors.VerificationText(code)})",
    };
}
