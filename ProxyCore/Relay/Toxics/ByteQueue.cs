namespace ProxyCore.Relay.Toxics;

/// <summary>The bytes that a stage holds, in their order, in blocks of the loop's pool. Empty it holds no block.</summary>
internal sealed class ByteQueue(PendingPool pool)
{
    /// <summary>The largest block: the pool keeps several of this size for the next that needs one.</summary>
    internal const int LargestBlock = 256 * 1024;

    private readonly Queue<PendingBytes> _blocks = new();
    private PendingBytes? _last;

    /// <summary>How many bytes it holds.</summary>
    internal int Count { get; private set; }

    /// <summary>The first bytes, as many as lie in one block; empty when it holds none.</summary>
    internal ReadOnlySpan<byte> First => _blocks.TryPeek(out PendingBytes? first) ? first.Span : default;

    /// <summary>Appends a copy of <paramref name="bytes"/>.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Span<byte> room = Room(bytes.Length);
            bytes[..room.Length].CopyTo(room);
            Commit(room.Length);
            bytes = bytes[room.Length..];
        }
    }

    /// <summary>Appends a copy of <paramref name="bytes"/>, no more than <see cref="LargestBlock"/>, that lies in one block.</summary>
    internal void AppendWhole(ReadOnlySpan<byte> bytes)
    {
        if (_last is null || _last.Room.Length < bytes.Length)
        {
            AddBlock(bytes.Length);
        }

        Append(bytes);
    }

    /// <summary>Where the next bytes are to be written: no more than <paramref name="wanted"/>, and at least one.</summary>
    internal Span<byte> Room(int wanted)
    {
        if (_last is null || _last.Room.IsEmpty)
        {
            AddBlock(wanted);
        }

        Span<byte> room = _last!.Room;
        return room[..Math.Min(room.Length, wanted)];
    }

    /// <summary>Appends the first <paramref name="count"/> bytes of what was written to <see cref="Room"/>.</summary>
    internal void Commit(int count)
    {
        _last!.Append(count);
        Count += count;
    }

    /// <summary>Forgets the first <paramref name="count"/> bytes, which lie in <see cref="First"/>.</summary>
    internal void Advance(int count)
    {
        PendingBytes first = _blocks.Peek();
        first.Advance(count);
        Count -= count;
        if (first.Count > 0)
        {
            return;
        }

        _blocks.Dequeue();
        _last = _blocks.Count == 0 ? null : _last;
        pool.Return(first);
    }

    /// <summary>Forgets all bytes.</summary>
    internal void Clear()
    {
        while (_blocks.TryDequeue(out PendingBytes? block))
        {
            pool.Return(block);
        }

        _last = null;
        Count = 0;
    }

    // A block is as large as what is there already, so that many bytes need few blocks, and few bytes little memory.
    private void AddBlock(int wanted)
    {
        _last = pool.Rent(Math.Min(Math.Max(wanted, Count), LargestBlock));
        _blocks.Enqueue(_last);
    }
}
