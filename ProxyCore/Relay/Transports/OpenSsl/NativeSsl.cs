using System.Runtime.InteropServices;

// Of the whole library, since no import of it is for a file of its own folder. On Linux this leaves the search to the system.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]

namespace ProxyCore.Relay.Transports.OpenSsl;

/// <summary>The functions of libssl, version 3, by their own names. Whoever calls one has loaded the library.</summary>
/// <remarks>
/// The transition of the garbage collector is left out only for functions that neither call back nor take time: they read
/// or write a field. The library is never looked for in the folder of the program, where another may lie.
/// </remarks>
internal static unsafe partial class NativeSsl
{
    internal const string Library = "libssl.so.3";

    // ssl.h
    internal const ulong InitNoAtExit = 0x80000;
    internal const int ControlMode = 33;
    internal const int ControlSessionCacheMode = 44;
    internal const int ControlServerName = 55;
    internal const int ControlChainCertificate = 89;
    internal const int ControlGroups = 92;
    internal const int ControlMinimumVersion = 123;
    internal const int ModePartialWrite = 0x1;
    internal const int ModeMovingWriteBuffer = 0x2;
    internal const int ModeNoAutomaticChain = 0x8;
    internal const int ModeReleaseBuffers = 0x10;
    internal const int SessionCacheOff = 0;
    internal const int SessionCacheClientOwn = 0x1 | 0x100 | 0x200;
    internal const ulong OptionNoCompression = 1UL << 17;
    internal const ulong OptionPrioritizeChaCha = 1UL << 21;
    internal const ulong OptionServerPreference = 1UL << 22;
    internal const ulong OptionNoRenegotiation = 1UL << 30;
    internal const int VerifyNone = 0;
    internal const int VerifyPeer = 1;
    internal const int VerifyRequired = 2;
    internal const int ErrorWantRead = 2;
    internal const int ErrorWantWrite = 3;
    internal const int ErrorZeroReturn = 6;
    internal const int SentAndReceivedShutdown = 3;
    internal const int AlpnChosen = 0;
    internal const int AlpnFatal = 2;
    internal const int Tls12 = 0x0303;
    internal const int Tls13 = 0x0304;

    [LibraryImport(Library)]
    internal static partial int OPENSSL_init_ssl(ulong options, nint settings);

    [LibraryImport(Library)]
    internal static partial nint TLS_server_method();

    [LibraryImport(Library)]
    internal static partial nint TLS_client_method();

    [LibraryImport(Library)]
    internal static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Library)]
    internal static partial void SSL_CTX_free(nint context);

    [LibraryImport(Library)]
    internal static partial nint SSL_CTX_ctrl(nint context, int command, nint number, nint pointer);

    [LibraryImport(Library)]
    internal static partial ulong SSL_CTX_set_options(nint context, ulong options);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_set_cipher_list(nint context, string list);

    [LibraryImport(Library)]
    internal static partial int SSL_CTX_use_certificate(nint context, nint certificate);

    [LibraryImport(Library)]
    internal static partial int SSL_CTX_use_PrivateKey(nint context, nint key);

    [LibraryImport(Library)]
    internal static partial int SSL_CTX_check_private_key(nint context);

    [LibraryImport(Library)]
    internal static partial void SSL_CTX_set_verify(nint context, int mode, nint callback);

    [LibraryImport(Library)]
    internal static partial int SSL_CTX_set_default_verify_paths(nint context);

    [LibraryImport(Library)]
    internal static partial nint SSL_CTX_get_cert_store(nint context);

    [LibraryImport(Library)]
    internal static partial nint SSL_CTX_get0_param(nint context);

    [LibraryImport(Library)]
    internal static partial int SSL_CTX_add_client_CA(nint context, nint certificate);

    [LibraryImport(Library)]
    internal static partial int SSL_CTX_set_session_id_context(nint context, byte* id, uint size);

    [LibraryImport(Library)]
    internal static partial int SSL_CTX_set_alpn_protos(nint context, byte* protocols, uint size);

    [LibraryImport(Library)]
    internal static partial void SSL_CTX_set_alpn_select_cb(
        nint context, delegate* unmanaged[Cdecl]<nint, byte**, byte*, byte*, uint, void*, int> callback, void* argument);

    [LibraryImport(Library)]
    internal static partial void SSL_CTX_sess_set_new_cb(
        nint context, delegate* unmanaged[Cdecl]<nint, nint, int> callback);

    [LibraryImport(Library)]
    internal static partial int SSL_CTX_set_ex_data(nint context, int index, void* data);

    [LibraryImport(Library)]
    internal static partial void* SSL_CTX_get_ex_data(nint context, int index);

    [LibraryImport(Library)]
    internal static partial nint SSL_new(nint context);

    [LibraryImport(Library)]
    internal static partial void SSL_free(nint ssl);

    [LibraryImport(Library)]
    internal static partial nint SSL_get_SSL_CTX(nint ssl);

    [LibraryImport(Library)]
    internal static partial void SSL_set_bio(nint ssl, nint read, nint write);

    [LibraryImport(Library)]
    internal static partial void SSL_set_accept_state(nint ssl);

    [LibraryImport(Library)]
    internal static partial void SSL_set_connect_state(nint ssl);

    [LibraryImport(Library)]
    internal static partial nint SSL_ctrl(nint ssl, int command, nint number, byte* pointer);

    [LibraryImport(Library)]
    internal static partial int SSL_set_alpn_protos(nint ssl, byte* protocols, uint size);

    [LibraryImport(Library)]
    internal static partial int SSL_do_handshake(nint ssl);

    [LibraryImport(Library)]
    internal static partial int SSL_read(nint ssl, byte* buffer, int size);

    [LibraryImport(Library)]
    internal static partial int SSL_write(nint ssl, byte* buffer, int size);

    [LibraryImport(Library)]
    internal static partial int SSL_shutdown(nint ssl);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial void SSL_set_shutdown(nint ssl, int mode);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int SSL_get_error(nint ssl, int result);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int SSL_pending(nint ssl);

    [LibraryImport(Library)]
    internal static partial int SSL_session_reused(nint ssl);

    [LibraryImport(Library)]
    internal static partial byte* SSL_get_version(nint ssl);

    [LibraryImport(Library)]
    internal static partial nint SSL_get_current_cipher(nint ssl);

    [LibraryImport(Library)]
    internal static partial byte* SSL_CIPHER_standard_name(nint cipher);

    [LibraryImport(Library)]
    internal static partial void SSL_get0_alpn_selected(nint ssl, byte** protocol, uint* size);

    [LibraryImport(Library)]
    internal static partial nint SSL_get_verify_result(nint ssl);

    [LibraryImport(Library)]
    internal static partial int SSL_get_verify_mode(nint ssl);

    [LibraryImport(Library)]
    internal static partial nint SSL_get1_peer_certificate(nint ssl);

    [LibraryImport(Library)]
    internal static partial int SSL_set_session(nint ssl, nint session);

    [LibraryImport(Library)]
    internal static partial void SSL_SESSION_free(nint session);

    [LibraryImport(Library)]
    internal static partial int SSL_SESSION_up_ref(nint session);

    [LibraryImport(Library)]
    internal static partial int SSL_SESSION_is_resumable(nint session);

    [LibraryImport(Library)]
    internal static partial int SSL_SESSION_get_protocol_version(nint session);
}
