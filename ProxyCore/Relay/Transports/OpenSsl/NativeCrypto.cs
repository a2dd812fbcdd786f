using System.Runtime.InteropServices;

namespace ProxyCore.Relay.Transports.OpenSsl;

/// <summary>The functions of libcrypto, version 3, by their own names: errors, certificates, keys and BIOs.</summary>
/// <remarks>See <see cref="NativeSsl"/>.</remarks>
internal static unsafe partial class NativeCrypto
{
    internal const string Library = "libcrypto.so.3";

    // bio.h
    internal const int BioSourceAndSink = 0x400;
    internal const int BioEnd = 2;
    internal const int BioFlush = 11;
    internal const int BioRetryRead = 0x9;
    internal const int BioRetryWrite = 0xA;
    internal const int BioAllRetryFlags = 0xF;

    // x509v3.h, x509_vfy.h, obj_mac.h
    internal const uint NoPartialWildcards = 0x4;
    internal const int CommonName = 13;

    // x509.h: XN_FLAG_RFC2253. Every byte that is no printable ASCII character is escaped.
    internal const ulong NameOfRfc2253 = 0x1 | 0x2 | 0x4 | 0x10 | 0x100 | 0x200 | (1 << 16) | (1 << 20) | (1 << 24);

    [LibraryImport(Library)]
    internal static partial nuint OpenSSL_version_num();

    [LibraryImport(Library)]
    internal static partial byte* OpenSSL_version(int kind);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial void ERR_clear_error();

    [LibraryImport(Library)]
    internal static partial nuint ERR_peek_error();

    [LibraryImport(Library)]
    internal static partial byte* ERR_reason_error_string(nuint code);

    [LibraryImport(Library)]
    internal static partial byte* X509_verify_cert_error_string(nint code);

    [LibraryImport(Library)]
    internal static partial nint d2i_X509(nint reuse, byte** bytes, nint size);

    [LibraryImport(Library)]
    internal static partial void X509_free(nint certificate);

    [LibraryImport(Library)]
    internal static partial nint d2i_AutoPrivateKey(nint reuse, byte** bytes, nint size);

    [LibraryImport(Library)]
    internal static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Library)]
    internal static partial int X509_STORE_add_cert(nint store, nint certificate);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int X509_VERIFY_PARAM_set1_host(nint parameters, string name, nuint size);

    [LibraryImport(Library)]
    internal static partial void X509_VERIFY_PARAM_set_hostflags(nint parameters, uint flags);

    [LibraryImport(Library)]
    internal static partial int X509_VERIFY_PARAM_set1_ip(nint parameters, byte* address, nuint size);

    [LibraryImport(Library)]
    internal static partial nint X509_get_subject_name(nint certificate);

    [LibraryImport(Library)]
    internal static partial int X509_NAME_print_ex(nint bio, nint name, int indent, ulong flags);

    [LibraryImport(Library)]
    internal static partial int X509_NAME_get_index_by_NID(nint name, int kind, int after);

    [LibraryImport(Library)]
    internal static partial nint X509_NAME_get_entry(nint name, int index);

    [LibraryImport(Library)]
    internal static partial nint X509_NAME_ENTRY_get_data(nint entry);

    [LibraryImport(Library)]
    internal static partial int ASN1_STRING_to_UTF8(byte** text, nint value);

    [LibraryImport(Library)]
    internal static partial void CRYPTO_free(void* memory, byte* file, int line);

    [LibraryImport(Library)]
    internal static partial nint BIO_s_mem();

    [LibraryImport(Library)]
    internal static partial nint BIO_new(nint method);

    [LibraryImport(Library)]
    internal static partial int BIO_free(nint bio);

    [LibraryImport(Library)]
    internal static partial int BIO_up_ref(nint bio);

    [LibraryImport(Library)]
    internal static partial int BIO_read(nint bio, byte* buffer, int size);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint BIO_meth_new(int type, string name);

    [LibraryImport(Library)]
    internal static partial int BIO_get_new_index();

    [LibraryImport(Library)]
    internal static partial int BIO_meth_set_read_ex(
        nint method, delegate* unmanaged[Cdecl]<nint, byte*, nuint, nuint*, int> callback);

    [LibraryImport(Library)]
    internal static partial int BIO_meth_set_write_ex(
        nint method, delegate* unmanaged[Cdecl]<nint, byte*, nuint, nuint*, int> callback);

    [LibraryImport(Library)]
    internal static partial int BIO_meth_set_ctrl(
        nint method, delegate* unmanaged[Cdecl]<nint, int, nint, void*, nint> callback);

    [LibraryImport(Library)]
    internal static partial void BIO_set_init(nint bio, int isReady);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial void BIO_set_data(nint bio, void* data);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial void* BIO_get_data(nint bio);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial void BIO_clear_flags(nint bio, int flags);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial void BIO_set_flags(nint bio, int flags);
}
