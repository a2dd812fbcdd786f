namespace ProxyCore.Relay;

/// <summary>What a sink has not taken yet: a copy in a block of the pool, held only while there is something in it.</summary>
internal struct PendingBytes
{
    private PendingBlock _block;
    private int _start;
    private int _end;

    internal readonly int Count => _end - _start;

    internal readonly ReadOnlySpan<byte> Span => _block.Span[_start.._end];

    /// <summary>Keeps a copy of <paramref name="bytes"/>. Call it only when nothing is pending.</summary>
    internal void Keep(ReadOnlySpan<byte> bytes, PendingPool pool)
    {
        _block = pool.Rent(bytes.Length);
        bytes.CopyTo(_block.Span);
        _start = 0;
        _end = bytes.Length;
    }

    /// <summary>Forgets the first <paramref name="count"/> bytes; the last one out returns the block.</summary>
    internal void Advance(int count, PendingPool pool)
    {
        _start += count;
        if (_start == _end)
        {
            Release(pool);
        }
    }

    /// <summary>Forgets everything and returns the block. Does nothing when there is none.</summary>
    internal void Release(PendingPool pool)
    {
        if (_end > 0)
        {
            pool.Return(_block);
        }

        this = default;
    }
}
