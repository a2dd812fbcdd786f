using System.Net;
using ProxyCore.Settings;

namespace ProxyCore.Access;

/// <summary>The addresses of a list of ranges. Immutable, safe for any thread; a look-up allocates nothing.</summary>
internal sealed class AddressSet
{
    private readonly DisjointRanges<uint> _v4;
    private readonly DisjointRanges<UInt128> _v6;

    private AddressSet(DisjointRanges<uint> v4, DisjointRanges<UInt128> v6)
    {
        _v4 = v4;
        _v6 = v6;
    }

    /// <summary>No addresses.</summary>
    internal static AddressSet Empty { get; } = Of([]);

    internal bool IsEmpty => RangeCount == 0;

    /// <summary>How many ranges it holds: fewer than it was made of where they overlap or touch.</summary>
    internal int RangeCount => _v4.Count + _v6.Count;

    /// <summary>The size of what it holds, in bytes.</summary>
    internal long Bytes => _v4.Bytes + _v6.Bytes;

    internal static AddressSet Of(IEnumerable<AddressRange> ranges)
    {
        var builder = new Builder();
        foreach (AddressRange range in ranges)
        {
            builder.Add(range);
        }

        return builder.Build();
    }

    internal bool Contains(IPAddress address)
    {
        var bits = AddressBits.Of(address);
        return bits.IsIPv4 ? _v4.Contains((uint)bits.Value) : _v6.Contains(bits.Value);
    }

    /// <summary>Collects ranges. For one thread.</summary>
    internal sealed class Builder
    {
        private readonly List<(uint First, uint Last)> _v4 = [];
        private readonly List<(UInt128 First, UInt128 Last)> _v6 = [];

        /// <summary>How many were added.</summary>
        internal int Count => _v4.Count + _v6.Count;

        internal void Add(AddressRange range)
        {
            if (range.First.IsIPv4)
            {
                _v4.Add(((uint)range.First.Value, (uint)range.Last));
            }
            else
            {
                _v6.Add((range.First.Value, range.Last));
            }
        }

        internal void Add(AddressSet set)
        {
            set._v4.AddTo(_v4);
            set._v6.AddTo(_v6);
        }

        internal AddressSet Build() => new(DisjointRanges<uint>.Of(_v4), DisjointRanges<UInt128>.Of(_v6));
    }
}
