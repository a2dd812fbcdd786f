using System.Net;
using System.Security.Cryptography;
using static ProxyCore.Relay.Transports.OpenSsl.NativeCrypto;
using static ProxyCore.Relay.Transports.OpenSsl.NativeSsl;

namespace ProxyCore.Relay.Transports.OpenSsl;

/// <summary>Gives a new context what the parameters say. Each failure is a <see cref="TlsException"/> in words.</summary>
internal static unsafe class ContextSetup
{
    // err.h, sslerr.h, x509err.h
    private const int LibraryOfX509 = 11;
    private const int KeyTypeMismatch = 115;
    private const int KeyValuesMismatch = 116;
    private const int NoCertificateOfThisKind = 177;
    private const int KeyTooSmall = 399;
    private const int CaKeyTooSmall = 397;

    // Those of TLS 1.2 that have forward secrecy and authenticated encryption; those of 1.3 have both.
    private const string ServerCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

    private static ReadOnlySpan<byte> GroupsSince35 => "?*X25519MLKEM768/?*X25519:?P-256/?X448:?P-384:?P-521\0"u8;

    private static ReadOnlySpan<byte> Groups => "X25519:P-256:X448:P-384:P-521\0"u8;

    internal static void SetDefaults(nint context, TlsVersion minimum)
    {
        // No chain is guessed from the CAs of clients: that would cost a search at each handshake. And the buffers of a
        // connection are freed while it is idle, 9 KB of 24.
        const int Modes = ModePartialWrite | ModeMovingWriteBuffer | ModeReleaseBuffers | ModeNoAutomaticChain;
        _ = SSL_CTX_ctrl(context, ControlMode, Modes, 0);
        _ = SSL_CTX_set_options(context, OptionNoCompression | OptionNoRenegotiation);
        _ = SSL_CTX_ctrl(context, ControlMinimumVersion, minimum == TlsVersion.Tls13 ? Tls13 : Tls12, 0);
        SetGroups(context);
    }

    /// <summary>
    /// Sessions of clients are in their tickets alone. Each context has keys of its own for them, so that no session goes on
    /// under another policy.
    /// </summary>
    internal static void SetServerSessions(nint context)
    {
        const int Size = 16;
        byte* id = stackalloc byte[Size];
        RandomNumberGenerator.Fill(new Span<byte>(id, Size));
        _ = SSL_CTX_set_session_id_context(context, id, Size);
        _ = SSL_CTX_ctrl(context, ControlSessionCacheMode, SessionCacheOff, 0);
    }

    /// <summary>
    /// The proxy chooses the cipher, by the order of its own list. A client without instructions for AES puts ChaCha20 first, and
    /// gets it.
    /// </summary>
    internal static void SetServerCiphers(nint context)
    {
        _ = SSL_CTX_set_options(context, OptionServerPreference | OptionPrioritizeChaCha);
        Require(SSL_CTX_set_cipher_list(context, ServerCiphers) == 1, "OpenSSL has none of the ciphers that a server needs");
    }

    /// <summary>
    /// The certificate comes before the key: in the other order OpenSSL drops a key that does not match without an error.
    /// </summary>
    internal static void SetIdentity(nint context, TlsIdentity identity)
    {
        for (int index = 0; index < identity.Chain.Count; index++)
        {
            nint certificate = ReadCertificate(identity.Chain[index].Span, index == 0 ? "the certificate" : "a certificate of the chain");
            ERR_clear_error();
            bool isTaken = index == 0
                ? SSL_CTX_use_certificate(context, certificate) == 1
                : SSL_CTX_ctrl(context, ControlChainCertificate, 1, certificate) == 1;
            X509_free(certificate);
            Require(isTaken, index == 0 ? "the certificate can't be used" : "a certificate of the chain can't be used");
        }

        nint key = ReadKey(identity.Key.Span);
        ERR_clear_error();
        bool isKeyTaken = SSL_CTX_use_PrivateKey(context, key) == 1;
        EVP_PKEY_free(key);
        Require(isKeyTaken, "the key can't be used");
        Require(SSL_CTX_check_private_key(context) == 1, "the key can't be used");
    }

    /// <summary>Asks clients for certificates; the CAs are told to them, too, so that they can choose.</summary>
    internal static void AskClients(nint context, ClientCertificateMode mode, IReadOnlyList<ReadOnlyMemory<byte>> authorities)
    {
        if (mode == ClientCertificateMode.None)
        {
            return;
        }

        Trust(context, authorities, areTold: true);
        SSL_CTX_set_verify(context, mode == ClientCertificateMode.Required ? VerifyPeer | VerifyRequired : VerifyPeer, callback: 0);
    }

    /// <summary>Verifies the server: its chain, and its name or address.</summary>
    internal static void VerifyServer(nint context, TlsClientParameters parameters)
    {
        if (!parameters.Verify)
        {
            return;
        }

        SSL_CTX_set_verify(context, VerifyPeer, callback: 0);
        if (parameters.Ca is { } authorities)
        {
            Trust(context, authorities, areTold: false);
        }
        else
        {
            Require(SSL_CTX_set_default_verify_paths(context) == 1, "the CAs of the system can't be used");
        }

        nint expected = SSL_CTX_get0_param(context);
        X509_VERIFY_PARAM_set_hostflags(expected, NoPartialWildcards);
        if (parameters.ServerName is { } name)
        {
            Require(X509_VERIFY_PARAM_set1_host(expected, name, (nuint)name.Length) == 1, "the server's name can't be used");
        }
        else if (parameters.Address is { } address)
        {
            Require(SetAddress(expected, address), "the server's address can't be used");
        }
    }

    /// <summary>Leaves out the groups of finite fields.</summary>
    private static void SetGroups(nint context)
    {
        // OpenSSL accepts ffdhe8192 by default. That costs a hundred times the processor time of X25519, and the peer that asks for
        // it need not calculate anything (CVE-2002-20001), while every connection of the loop waits. The first list is for
        // OpenSSL 3.5, whose default has a group of ML-KEM ahead of the others; older versions do not read it.
        ERR_clear_error();
        Require(
            TrySetGroups(context, GroupsSince35) || TrySetGroups(context, Groups),
            "OpenSSL has none of the groups that a key exchange needs");
    }

    private static bool TrySetGroups(nint context, ReadOnlySpan<byte> groups)
    {
        fixed (byte* text = groups)
        {
            return SSL_CTX_ctrl(context, ControlGroups, 0, (nint)text) == 1;
        }
    }

    private static bool SetAddress(nint expected, IPAddress address)
    {
        byte[] parts = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        fixed (byte* bytes = parts)
        {
            return X509_VERIFY_PARAM_set1_ip(expected, bytes, (nuint)parts.Length) == 1;
        }
    }

    private static void Trust(nint context, IReadOnlyList<ReadOnlyMemory<byte>> authorities, bool areTold)
    {
        nint store = SSL_CTX_get_cert_store(context);
        foreach (ReadOnlyMemory<byte> authority in authorities)
        {
            nint certificate = ReadCertificate(authority.Span, "the certificate of a CA");
            ERR_clear_error();
            bool isTaken = X509_STORE_add_cert(store, certificate) == 1
                && (!areTold || SSL_CTX_add_client_CA(context, certificate) == 1);
            X509_free(certificate);
            Require(isTaken, "the certificate of a CA can't be used");
        }
    }

    private static nint ReadCertificate(ReadOnlySpan<byte> der, string what)
    {
        ERR_clear_error();
        fixed (byte* start = der)
        {
            byte* bytes = start;
            nint certificate = d2i_X509(0, &bytes, der.Length);
            Require(certificate != 0, $"{what} can't be read");
            return certificate;
        }
    }

    private static nint ReadKey(ReadOnlySpan<byte> der)
    {
        ERR_clear_error();
        fixed (byte* start = der)
        {
            byte* bytes = start;
            nint key = d2i_AutoPrivateKey(0, &bytes, der.Length);
            Require(key != 0, "the key can't be read");
            return key;
        }
    }

    private static void Require(bool isDone, string problem)
    {
        if (!isDone)
        {
            throw new TlsException(OpenSslErrors.First() switch
            {
                (LibraryOfX509, KeyTypeMismatch or KeyValuesMismatch) or (OpenSslErrors.LibraryOfSsl, NoCertificateOfThisKind) => "the key does not belong to the certificate",
                (OpenSslErrors.LibraryOfSsl, KeyTooSmall) => "the key of the certificate is too small",
                (OpenSslErrors.LibraryOfSsl, CaKeyTooSmall) => "the key of a certificate of the chain is too small",
                _ => $"{problem} ({OpenSslErrors.FirstText()})",
            });
        }
    }
}
