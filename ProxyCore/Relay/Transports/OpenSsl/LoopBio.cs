using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static ProxyCore.Relay.Transports.OpenSsl.NativeCrypto;

namespace ProxyCore.Relay.Transports.OpenSsl;

/// <summary>What OpenSSL reads ciphertext from, and what it writes ciphertext to, during one call. In native memory.</summary>
internal unsafe struct BioState
{
    /// <summary>The next byte to read.</summary>
    internal byte* Input;

    /// <summary>How many bytes are left to read.</summary>
    internal int InputCount;

    /// <summary>How many bytes were written.</summary>
    internal int OutputCount;

    /// <summary>Where they were written to.</summary>
    internal byte* Output;

    /// <summary>How many there is room for.</summary>
    internal int OutputCapacity;
}

/// <summary>
/// The kind of BIO that all connections of a loop read from and write to: OpenSSL copies ciphertext from and to buffers of
/// the loop, and never sees a socket. So one system call carries many records.
/// </summary>
internal static unsafe class LoopBio
{
    // One for the process: the method has no state, and OpenSSL never frees one by itself.
    private static readonly nint _method = CreateMethod();

    /// <summary>Makes one over <paramref name="state"/>; 0 when there is no memory.</summary>
    internal static nint Create(BioState* state)
    {
        nint bio = _method == 0 ? 0 : BIO_new(_method);
        if (bio != 0)
        {
            BIO_set_data(bio, state);
            BIO_set_init(bio, 1);
        }

        return bio;
    }

    private static nint CreateMethod()
    {
        nint method = BIO_meth_new(BIO_get_new_index() | BioSourceAndSink, "ProxyCore loop");
        if (method != 0)
        {
            _ = BIO_meth_set_read_ex(method, &Read);
            _ = BIO_meth_set_write_ex(method, &Write);
            _ = BIO_meth_set_ctrl(method, &Control);
        }

        return method;
    }

    // An exception may not leave these three: nothing in them throws.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint bio, byte* buffer, nuint size, nuint* read)
    {
        var state = (BioState*)BIO_get_data(bio);
        BIO_clear_flags(bio, BioAllRetryFlags);
        var count = (uint)Math.Min(size, (nuint)state->InputCount);
        *read = count;
        if (count == 0)
        {
            BIO_set_flags(bio, BioRetryRead);
            return -1;
        }

        Unsafe.CopyBlockUnaligned(buffer, state->Input, count);
        state->Input += count;
        state->InputCount -= (int)count;
        return 1;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint bio, byte* bytes, nuint size, nuint* written)
    {
        var state = (BioState*)BIO_get_data(bio);
        BIO_clear_flags(bio, BioAllRetryFlags);
        var count = (uint)Math.Min(size, (nuint)(state->OutputCapacity - state->OutputCount));
        *written = count;
        if (count == 0)
        {
            BIO_set_flags(bio, BioRetryWrite);
            return -1;
        }

        Unsafe.CopyBlockUnaligned(state->Output + state->OutputCount, bytes, count);
        state->OutputCount += (int)count;
        return 1;
    }

    /// <summary>The end of the stream is kept from OpenSSL: it would take a FIN for the end of both directions.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Control(nint bio, int command, nint number, void* pointer) => command == BioFlush ? 1 : 0;
}
