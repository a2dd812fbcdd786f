using System.Runtime.InteropServices;
using ProxyCore.Diagnostics;
using static ProxyCore.Relay.Transports.OpenSsl.NativeCrypto;
using static ProxyCore.Relay.Transports.OpenSsl.NativeSsl;

namespace ProxyCore.Relay.Transports.OpenSsl;

/// <summary>What a handshake has come to, asked of OpenSSL.</summary>
internal static unsafe class SessionInfo
{
    internal static TlsInfo Of(nint ssl)
    {
        (string? subject, string? commonName) = PeerOf(ssl);
        return new TlsInfo
        {
            Version = OpenSslErrors.Constant(SSL_get_version(ssl)),
            Cipher = OpenSslErrors.Constant(SSL_CIPHER_standard_name(SSL_get_current_cipher(ssl))),
            Alpn = AlpnOf(ssl),
            PeerSubject = subject,
            PeerCommonName = commonName,
            IsResumed = SSL_session_reused(ssl) == 1,
        };
    }

    private static string? AlpnOf(nint ssl)
    {
        byte* protocol;
        uint size;
        SSL_get0_alpn_selected(ssl, &protocol, &size);
        return size == 0 ? null : Printable.Escape(new ReadOnlySpan<byte>(protocol, (int)size));
    }

    /// <summary>Only what was verified: by default OpenSSL also tells of a certificate that nobody has looked at.</summary>
    private static (string? Subject, string? CommonName) PeerOf(nint ssl)
    {
        if ((SSL_get_verify_mode(ssl) & VerifyPeer) == 0 || SSL_get_verify_result(ssl) != 0)
        {
            return default;
        }

        nint certificate = SSL_get1_peer_certificate(ssl);
        if (certificate == 0)
        {
            return default;
        }

        nint name = X509_get_subject_name(certificate);
        (string?, string?) texts = (SubjectIn(name), CommonNameIn(name));
        X509_free(certificate);
        return texts;
    }

    private static string? SubjectIn(nint name)
    {
        nint bio = BIO_new(BIO_s_mem());
        if (bio == 0)
        {
            return null;
        }

        _ = X509_NAME_print_ex(bio, name, indent: 0, NameOfRfc2253);
        byte* text = stackalloc byte[Printable.MaximumBytes];
        int size = BIO_read(bio, text, Printable.MaximumBytes);
        _ = BIO_free(bio);
        return size <= 0 ? null : Marshal.PtrToStringUTF8((nint)text, size);
    }

    /// <summary>The last one: it is the most specific.</summary>
    private static string? CommonNameIn(nint name)
    {
        int last = -1;
        for (int next = X509_NAME_get_index_by_NID(name, CommonName, last); next >= 0; next = X509_NAME_get_index_by_NID(name, CommonName, last))
        {
            last = next;
        }

        if (last < 0)
        {
            return null;
        }

        byte* text;
        int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last)));
        if (size < 0)
        {
            return null;
        }

        string commonName = Printable.Escape(new ReadOnlySpan<byte>(text, size));
        CRYPTO_free(text, null, 0);
        return commonName;
    }
}
