using System.Net.Sockets;
using System.Runtime.InteropServices;
using static ProxyCore.Relay.Transports.OpenSsl.NativeCrypto;

namespace ProxyCore.Relay.Transports.OpenSsl;

/// <summary>
/// The ciphertext buffers of one loop, and the BIO through which all its connections read and write them. Between two calls
/// of a transport they hold nothing: what is left over is kept by the connection.
/// </summary>
internal sealed unsafe class OpenSslLoop : TlsLoop
{
    /// <summary>The most ciphertext that is received or sent at a time.</summary>
    internal const int BufferSize = 1024 * 1024;

    /// <summary>The most that a record takes: RFC 8446, 5.2 and RFC 5246, 6.2.3, with the header.</summary>
    internal const int LargestRecord = 5 + 16384 + 2048;

    // Native memory, of which the system gives only the pages that are written to.
    private readonly byte* _input = (byte*)NativeMemory.Alloc(BufferSize);
    private readonly BioState* _state = (BioState*)NativeMemory.AllocZeroed((nuint)sizeof(BioState));
    private nint _bio;

    internal OpenSslLoop(RelayBuffers buffers)
    {
        Pool = buffers.Pool;
        _state->Output = (byte*)NativeMemory.Alloc(BufferSize);
        _state->OutputCapacity = BufferSize;
        _bio = LoopBio.Create(_state);
        if (_bio == 0)
        {
            throw new InsufficientMemoryException("OpenSSL has no memory for a loop.");
        }
    }

    /// <summary>The blocks for what a connection keeps.</summary>
    internal PendingPool Pool { get; }

    /// <summary>Where ciphertext is received to.</summary>
    internal Span<byte> Input => new(_input, BufferSize);

    /// <summary>How many bytes OpenSSL has not read of those that it was given.</summary>
    internal int InputLeft => _state->InputCount;

    /// <summary>What OpenSSL has written in this call.</summary>
    internal ReadOnlySpan<byte> Output => new(_state->Output, _state->OutputCount);

    /// <summary>Whether a record of any size can be written.</summary>
    internal bool HasRoomForRecord => BufferSize - _state->OutputCount >= LargestRecord;

    internal override TlsTransport Accept(TlsContext context, Socket client, PendingBytes? early) =>
        new OpenSslTransport(this, client, OpenSslSession.Accept((OpenSslContext)context, _bio), early);

    internal override TlsTransport Connect(TlsContext context, Socket upstream, string? alpn) =>
        new OpenSslTransport(this, upstream, OpenSslSession.Connect((OpenSslContext)context, _bio, alpn), early: null);

    public override void Dispose()
    {
        if (_bio == 0)
        {
            return;
        }

        _ = BIO_free(_bio);
        _bio = 0;
        NativeMemory.Free(_input);
        NativeMemory.Free(_state->Output);
        NativeMemory.Free(_state);
    }

    /// <summary>Gives OpenSSL <paramref name="count"/> bytes of native memory to read from.</summary>
    internal void Offer(nint bytes, int count)
    {
        _state->Input = (byte*)bytes;
        _state->InputCount = count;
    }

    /// <summary>Gives OpenSSL the first <paramref name="count"/> bytes of <see cref="Input"/> to read from.</summary>
    internal void OfferInput(int count) => Offer((nint)_input, count);

    /// <summary>The last <see cref="InputLeft"/> of the first <paramref name="count"/> bytes of <see cref="Input"/>.</summary>
    internal ReadOnlySpan<byte> UnreadInput(int count) => Input[(count - InputLeft)..count];

    /// <summary>Forgets what OpenSSL has written.</summary>
    internal void ClearOutput() => _state->OutputCount = 0;
}
