using System.Buffers;

namespace ProxyCore.Relay;

/// <summary>What a sink has not taken yet: a pooled copy, held only while there is something in it.</summary>
internal struct PendingBytes
{
    private byte[]? _buffer;
    private int _start;
    private int _end;

    internal readonly int Count => _end - _start;

    internal readonly ReadOnlySpan<byte> Span => _buffer.AsSpan(_start, Count);

    /// <summary>Keeps a copy of <paramref name="bytes"/>. Call it only when nothing is pending.</summary>
    internal void Keep(ReadOnlySpan<byte> bytes)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(_buffer);
        _start = 0;
        _end = bytes.Length;
    }

    /// <summary>Forgets the first <paramref name="count"/> bytes; the last one out returns the buffer.</summary>
    internal void Advance(int count)
    {
        _start += count;
        if (_start == _end)
        {
            Release();
        }
    }

    /// <summary>Forgets everything and returns the buffer.</summary>
    internal void Release()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }

        _start = _end = 0;
    }
}
