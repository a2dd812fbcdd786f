using System.Runtime.InteropServices;
using static ProxyCore.Relay.Transports.OpenSsl.NativeSsl;

namespace ProxyCore.Relay.Transports.OpenSsl;

/// <summary>
/// An SSL_CTX and what its callbacks use. Each connection has a reference, and the last that goes frees both.
/// </summary>
internal sealed unsafe class ContextHandle : SafeHandle
{
    // What the garbage collector is told that one holds, because it frees those that nobody has any more and sees only the object.
    // Measured with OpenSSL 3.0: 23 KB with a certificate, 18 KB with one authority, 870 KB with those of the system.
    private const long NativeSize = 32 * 1024;

    private readonly SharedState* _state;

    private ContextHandle(nint context, SharedState* state)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        _state = state;
        SetHandle(context);
        GC.AddMemoryPressure(NativeSize);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>What its callbacks use. For those who have a reference.</summary>
    internal SharedState* State => _state;

    /// <summary>The SSL_CTX. For those who have a reference.</summary>
    internal nint Context => handle;

    /// <exception cref="TlsException">OpenSSL makes none.</exception>
    internal static ContextHandle Create(nint method, ReadOnlySpan<byte> alpn)
    {
        NativeCrypto.ERR_clear_error();
        nint context = SSL_CTX_new(method);
        return context == 0
            ? throw new TlsException($"OpenSSL makes no context ({OpenSslErrors.FirstText()})")
            : new ContextHandle(context, SharedState.Create(alpn));
    }

    protected override bool ReleaseHandle()
    {
        SSL_CTX_free(handle);
        SharedState.Free(_state);
        GC.RemoveMemoryPressure(NativeSize);
        return true;
    }
}
