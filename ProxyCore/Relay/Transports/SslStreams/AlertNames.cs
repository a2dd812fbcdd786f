namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>The fatal alerts of TLS (RFC 8446, section 6.2), and what a peer says with them.</summary>
internal static class AlertNames
{
    /// <summary>What an alert of the peer means, as a part of a sentence; null for a number that is none.</summary>
    internal static string? Explain(int alert, string peer)
    {
        if (NameOf(alert) is not { } name)
        {
            return null;
        }

        string meaning = alert switch
        {
            42 or 46 or 48 => "does not trust the certificate",
            45 => "takes the certificate for expired",
            70 => "and the proxy have no version of TLS in common",
            112 => "does not know the name",
            116 => "asks for a certificate",
            120 => "and the proxy have no application protocol in common",
            _ => "refused the handshake",
        };
        return $"the {peer} {meaning} (alert {name})";
    }

    private static string? NameOf(int alert) => alert switch
    {
        10 => "unexpected_message",
        20 => "bad_record_mac",
        22 => "record_overflow",
        40 => "handshake_failure",
        42 => "bad_certificate",
        43 => "unsupported_certificate",
        44 => "certificate_revoked",
        45 => "certificate_expired",
        46 => "certificate_unknown",
        47 => "illegal_parameter",
        48 => "unknown_ca",
        49 => "access_denied",
        50 => "decode_error",
        51 => "decrypt_error",
        70 => "protocol_version",
        71 => "insufficient_security",
        80 => "internal_error",
        86 => "inappropriate_fallback",
        90 => "user_canceled",
        109 => "missing_extension",
        110 => "unsupported_extension",
        112 => "unrecognized_name",
        113 => "bad_certificate_status_response",
        115 => "unknown_psk_identity",
        116 => "certificate_required",
        120 => "no_application_protocol",
        _ => null,
    };
}
