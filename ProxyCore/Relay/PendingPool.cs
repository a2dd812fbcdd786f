using System.Numerics;
using System.Runtime.InteropServices;

namespace ProxyCore.Relay;

/// <summary>The blocks in which one loop keeps what sinks have not taken. Belongs to the loop's thread.</summary>
/// <remarks>
/// Native memory, because it goes back to the system when it is returned. A managed array waits for a collection, and
/// a loop that allocates nothing may not see one for hours: a thousand slow readers would stay in memory long after.
/// </remarks>
internal sealed unsafe class PendingPool : IDisposable
{
    /// <summary>The bytes of the smallest block; the others are powers of two.</summary>
    internal const int SmallestBlock = 4096;

    /// <summary>How many bytes of returned blocks are kept for the next that needs one.</summary>
    internal const int MostKept = 1024 * 1024;

    private readonly Stack<nint>[] _kept = new Stack<nint>[BitOperations.Log2((uint)Array.MaxLength / SmallestBlock) + 1];

    /// <summary>The bytes of the blocks that are in use.</summary>
    internal long Rented { get; private set; }

    /// <summary>The bytes of the blocks that are kept.</summary>
    internal int Kept { get; private set; }

    /// <summary>A block of at least <paramref name="size"/> bytes, with anything in it.</summary>
    internal PendingBlock Rent(int size)
    {
        int rounded = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(size, SmallestBlock));
        Rented += rounded;
        if (_kept[ClassOf(rounded)] is { Count: > 0 } kept)
        {
            Kept -= rounded;
            return new PendingBlock(kept.Pop(), rounded);
        }

        return new PendingBlock((nint)NativeMemory.Alloc((nuint)rounded), rounded);
    }

    /// <summary>Takes a block back; nothing may use it any more.</summary>
    internal void Return(PendingBlock block)
    {
        Rented -= block.Size;
        if (Kept + block.Size > MostKept)
        {
            NativeMemory.Free((void*)block.Address);
            return;
        }

        Kept += block.Size;
        (_kept[ClassOf(block.Size)] ??= new Stack<nint>()).Push(block.Address);
    }

    public void Dispose()
    {
        foreach (Stack<nint>? kept in _kept)
        {
            while (kept is not null && kept.TryPop(out nint address))
            {
                NativeMemory.Free((void*)address);
            }
        }

        Kept = 0;
    }

    private static int ClassOf(int size) => BitOperations.Log2((uint)size / SmallestBlock);
}
