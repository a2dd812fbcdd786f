using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ProxyCore.Diagnostics;

namespace ProxyCore.Relay.Transports.OpenSsl;

/// <summary>What OpenSSL tells about its errors, as text that is safe to print.</summary>
internal static unsafe class OpenSslErrors
{
    /// <summary>The number of libssl in its error codes: err.h, ERR_LIB_SSL.</summary>
    internal const int LibraryOfSsl = 20;

    // err.h: ERR_LIB_OFFSET, ERR_LIB_MASK, ERR_REASON_MASK
    private const int LibraryOffset = 23;
    private const int LibraryMask = 0xFF;
    private const int ReasonMask = 0x7FFFFF;

    // Constants of the library, such as names of ciphers: few, and at the same address for ever.
    private static readonly ConcurrentDictionary<nint, string> _constants = new();

    /// <summary>The first error that the last call has left on this thread: the library that it is of, and its number there.</summary>
    internal static (int Library, int Reason) First()
    {
        nuint code = NativeCrypto.ERR_peek_error();
        return ((int)(code >> LibraryOffset) & LibraryMask, (int)code & ReasonMask);
    }

    /// <summary>The first error that the last call has left on this thread, in the words of OpenSSL.</summary>
    internal static string FirstText() => Text(NativeCrypto.ERR_reason_error_string(NativeCrypto.ERR_peek_error())) ?? "unknown error";

    /// <summary>Why a certificate does not verify, in the words of OpenSSL.</summary>
    internal static string VerificationText(nint code) => Text(NativeCrypto.X509_verify_cert_error_string(code)) ?? "unknown error";

    /// <summary>A text of the library that never changes.</summary>
    internal static string Constant(byte* text) =>
        _constants.TryGetValue((nint)text, out string? known) ? known : _constants.GetOrAdd((nint)text, Text(text) ?? "unknown");

    private static string? Text(byte* text) =>
        text is null ? null : Printable.Escape(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}
