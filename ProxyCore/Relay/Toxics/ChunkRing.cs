using System.Numerics;

namespace ProxyCore.Relay.Toxics;

/// <summary>How the bytes that a stage holds are divided: a time and a number of bytes for each part, in their order.</summary>
internal sealed class ChunkRing
{
    /// <summary>The most parts: a sender of single bytes is slowed down at this many, which take 1 MiB.</summary>
    internal const int Most = 64 * 1024;

    private const int FewestSlots = 4;

    // A power of two, so that a place is found by a mask.
    private Chunk[] _chunks = [];
    private int _first;

    /// <summary>How many parts it has.</summary>
    internal int Count { get; private set; }

    internal bool IsEmpty => Count == 0;

    internal bool IsFull => Count >= Most;

    /// <summary>The first part; there must be one.</summary>
    internal ref readonly Chunk First => ref _chunks[_first];

    /// <summary>Adds a part behind all others.</summary>
    internal void Add(TimeSpan time, int bytes)
    {
        if (Count == _chunks.Length)
        {
            Grow();
        }

        _chunks[PlaceOf(Count++)] = new Chunk(time, bytes);
    }

    /// <summary>Makes the last part larger, if it has this time; else adds one.</summary>
    internal void Join(TimeSpan time, int bytes)
    {
        if (Count == 0 || _chunks[PlaceOf(Count - 1)].Time != time)
        {
            Add(time, bytes);
            return;
        }

        ref Chunk last = ref _chunks[PlaceOf(Count - 1)];
        last = new Chunk(time, last.Bytes + bytes);
    }

    /// <summary>Takes the first part out. Returns its bytes.</summary>
    internal int Take()
    {
        int bytes = First.Bytes;
        _first = PlaceOf(1);
        Count--;
        return bytes;
    }

    /// <summary>Takes <paramref name="bytes"/> of the first part out, which has as many.</summary>
    internal void Take(int bytes)
    {
        ref Chunk first = ref _chunks[_first];
        if (bytes == first.Bytes)
        {
            Take();
            return;
        }

        first = new Chunk(first.Time, first.Bytes - bytes);
    }

    /// <summary>Forgets all parts.</summary>
    internal void Clear()
    {
        _chunks = [];
        _first = 0;
        Count = 0;
    }

    private int PlaceOf(int index) => (_first + index) & (_chunks.Length - 1);

    private void Grow()
    {
        var larger = new Chunk[Math.Max(FewestSlots, (int)BitOperations.RoundUpToPowerOf2((uint)_chunks.Length + 1))];
        for (int i = 0; i < Count; i++)
        {
            larger[i] = _chunks[PlaceOf(i)];
        }

        _chunks = larger;
        _first = 0;
    }

    internal readonly record struct Chunk(TimeSpan Time, int Bytes);
}
