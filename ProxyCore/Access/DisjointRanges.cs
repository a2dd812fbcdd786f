using System.Numerics;
using System.Runtime.InteropServices;

namespace ProxyCore.Access;

/// <summary>Numbers, as sorted ranges that neither overlap nor touch. Immutable, safe for any thread.</summary>
/// <remarks>
/// A look-up is a binary search. In a long list an index of up to 65,536 equal stretches, from the least number to the greatest,
/// leaves it few ranges to search, so that it touches few cache lines: without it a look-up among 100,000 ranges misses the
/// cache at most of its 17 steps. The stretches are of what the list spans, as all ranges may begin with the same 16 bits or
/// more, which is usual for IPv6.
/// </remarks>
internal sealed class DisjointRanges<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>, IUnsignedNumber<T>
{
    private const int IndexBits = 16;

    // The index has up to 256 KB; fewer ranges than these are searched from a few cache lines.
    private const int FewestIndexed = 256;

    private readonly T[] _firsts;
    private readonly T[] _lasts;

    private readonly T _least;
    private readonly T _greatest;
    private readonly int _shift;

    // For each stretch: how many ranges begin before it. Null for few ranges.
    private readonly int[]? _index;

    private DisjointRanges(T[] firsts, T[] lasts)
    {
        _firsts = firsts;
        _lasts = lasts;

        // Without ranges the least is above the greatest, so that nothing is between.
        _least = firsts is [var least, ..] ? least : T.One;
        _greatest = lasts is [.., var greatest] ? greatest : T.Zero;
        if (firsts.Length >= FewestIndexed)
        {
            _shift = Math.Max(0, (_greatest - _least).GetShortestBitLength() - IndexBits);
            _index = MakeIndex();
        }
    }

    /// <summary>How many ranges are left after those that overlap or touch became one.</summary>
    internal int Count => _firsts.Length;

    /// <summary>The size of what it holds, in bytes.</summary>
    internal unsafe long Bytes => ((long)sizeof(T) * 2 * Count) + (sizeof(int) * (long)(_index?.Length ?? 0));

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
        if (value < _least || value > _greatest)
        {
            return false;
        }

        (int low, int high) = (0, _firsts.Length);
        if (_index is not null)
        {
            int stretch = StretchOf(value);
            (low, high) = (_index[stretch], _index[stretch + 1]);
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

    private int StretchOf(T value) => int.CreateTruncating((value - _least) >> _shift);

    private int[] MakeIndex()
    {
        int[] index = new int[StretchOf(_greatest) + 2];
        foreach (T first in _firsts)
        {
            index[StretchOf(first) + 1]++;
        }

        for (int stretch = 1; stretch < index.Length; stretch++)
        {
            index[stretch] += index[stretch - 1];
        }

        return index;
    }
}
