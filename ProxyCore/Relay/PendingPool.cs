using System.Numerics;
using System.Runtime.InteropServices;

namespace ProxyCore.Relay;

/// <summary>The memory in which one loop keeps what sinks have not taken. Belongs to the loop's thread.</summary>
/// <remarks>
/// Native memory, because it goes back to the system when it is returned. A managed array waits for a collection, and
/// a loop that allocates nothing may not see one for hours: a thousand slow readers would stay in memory long after.
/// </remarks>
internal sealed unsafe class PendingPool(PendingBudget budget) : IDisposable
{
    /// <summary>The bytes of the smallest block; the others are powers of two.</summary>
    internal const int SmallestBlock = 4096;

    /// <summary>How many bytes of returned blocks are kept for the next that needs one.</summary>
    internal const int MostKept = 2 * 1024 * 1024;

    private readonly Stack<PendingBytes>?[] _kept = new Stack<PendingBytes>[ClassOf(Array.MaxLength) + 1];

    /// <summary>The bytes of the blocks that are in use.</summary>
    internal long Rented { get; private set; }

    /// <summary>The bytes of the blocks that are kept.</summary>
    internal int Kept { get; private set; }

    /// <summary>Copies <paramref name="bytes"/> into a block.</summary>
    internal PendingBytes Keep(ReadOnlySpan<byte> bytes)
    {
        PendingBytes pending = Rent(bytes.Length);
        pending.Fill(bytes);
        return pending;
    }

    /// <summary>Lends an empty block of at least <paramref name="size"/> bytes.</summary>
    internal PendingBytes Rent(int size)
    {
        int capacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(size, SmallestBlock));
        Rented += capacity;
        budget.Add(capacity);
        if (_kept[ClassOf(capacity)] is { Count: > 0 } kept)
        {
            Kept -= capacity;
            PendingBytes block = kept.Pop();
            block.Fill(default);
            return block;
        }

        return new PendingBytes((nint)NativeMemory.Alloc((nuint)capacity), capacity);
    }

    /// <summary>Takes a block back; nothing may use it any more.</summary>
    internal void Return(PendingBytes pending)
    {
        Rented -= pending.Capacity;
        budget.Add(-pending.Capacity);
        if (Kept + pending.Capacity > MostKept)
        {
            Free(pending);
            return;
        }

        Kept += pending.Capacity;
        (_kept[ClassOf(pending.Capacity)] ??= new Stack<PendingBytes>()).Push(pending);
    }

    public void Dispose()
    {
        foreach (Stack<PendingBytes>? kept in _kept)
        {
            while (kept is not null && kept.TryPop(out PendingBytes? pending))
            {
                Free(pending);
            }
        }

        Kept = 0;
    }

    private static int ClassOf(int size) => BitOperations.Log2((uint)size / SmallestBlock);

    private static void Free(PendingBytes pending) => NativeMemory.Free((void*)pending.Address);
}
