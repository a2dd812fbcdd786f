using System.Numerics;
using System.Runtime.InteropServices;

namespace ProxyCore.Access;

/// <summary>Numbers, as sorted ranges that neither overlap nor touch. Immutable, safe for any thread.</summary>
/// <remarks>
/// A look-up is a binary search. In a long list an index by the first 16 bits leaves it a short stretch to search, so that it
/// touches few cache lines: without it a look-up among 100,000 ranges misses the cache at most of its 17 steps.
/// </remarks>
internal sealed class DisjointRanges<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>, IUnsignedNumber<T>
{
    private const int IndexBits = 16;

    // The index has 256 KB; fewer ranges than these are searched from a few cache lines.
    private const int FewestIndexed = 256;

    private readonly T[] _firsts;
    private readonly T[] _lasts;

    // At each of the first 16 bits: how many ranges begin before these bits. Null for few ranges.
    private readonly int[]? _index;

    private DisjointRanges(T[] firsts, T[] lasts)
    {
        _firsts = firsts;
        _lasts = lasts;
        _index = firsts.Length >= FewestIndexed ? MakeIndex(firsts) : null;
    }

    /// <summary>How many ranges are left after those that overlap or touch became one.</summary>
    internal int Count => _firsts.Length;

    /// <summary>The size of what it holds, in bytes.</summary>
    internal unsafe long Bytes => ((long)sizeof(T) * 2 * Count) + (sizeof(int) * (long)(_index?.Length ?? 0));

    private static int Shift => int.CreateChecked(T.PopCount(T.MaxValue)) - IndexBits;

    /// <summary>Makes it of ranges in any order; sorts <paramref name="ranges"/>.</summary>
    internal static DisjointRanges<T> Of(List<(T First, T Last)> ranges)
    {
        ranges.Sort(static (one, other) => one.First.CompareTo(other.First));
        ReadOnlySpan<(T First, T Last)> merged = Merge(CollectionsMarshal.AsSpan(ranges));
        var firsts = new T[merged.Length];
        var lasts = new T[merged.Length];
        for (int i = 0; i < merged.Length; i++)
        {
            (firsts[i], lasts[i]) = merged[i];
        }

        return new DisjointRanges<T>(firsts, lasts);
    }

    internal void AddTo(List<(T First, T Last)> ranges)
    {
        for (int i = 0; i < Count; i++)
        {
            ranges.Add((_firsts[i], _lasts[i]));
        }
    }

    internal bool Contains(T value)
    {
        (int low, int high) = (0, _firsts.Length);
        if (_index is not null)
        {
            int bits = int.CreateTruncating(value >> Shift);
            (low, high) = (_index[bits], _index[bits + 1]);
        }

        // After this, low ranges begin at the value or before it; only the last of these can have it.
        while (low < high)
        {
            int middle = (int)((uint)(low + high) >> 1);
            if (_firsts[middle] <= value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low > 0 && value <= _lasts[low - 1];
    }

    /// <summary>Makes one of those that overlap or touch, in place.</summary>
    private static Span<(T First, T Last)> Merge(Span<(T First, T Last)> sorted)
    {
        int count = 0;
        foreach ((T first, T last) in sorted)
        {
            if (count > 0 && (sorted[count - 1].Last == T.MaxValue || first <= sorted[count - 1].Last + T.One))
            {
                sorted[count - 1].Last = T.Max(sorted[count - 1].Last, last);
            }
            else
            {
                sorted[count++] = (first, last);
            }
        }

        return sorted[..count];
    }

    private static int[] MakeIndex(T[] firsts)
    {
        int[] index = new int[(1 << IndexBits) + 1];
        foreach (T first in firsts)
        {
            index[int.CreateTruncating(first >> Shift) + 1]++;
        }

        for (int bits = 1; bits < index.Length; bits++)
        {
            index[bits] += index[bits - 1];
        }

        return index;
    }
}
