using ProxyCore.Settings;

namespace ProxyCore.Access;

/// <summary>Addresses and ranges that are denied for a time, as many as may be. For one thread at a time.</summary>
internal sealed class DenyTable
{
    private readonly Dictionary<AddressRange, Denial> _denials = [];

    internal int Count => _denials.Count;

    /// <summary>What is denied, in the order in which it ends.</summary>
    internal IEnumerable<KeyValuePair<AddressRange, Denial>> All =>
        _denials.OrderBy(static one => one.Value.Until).ThenBy(static one => one.Key.First.Value);

    /// <summary>When the first of them ends; null when nothing is denied.</summary>
    internal TimeSpan? NextEnd => _denials.Count == 0 ? null : _denials.Values.Min(static one => one.Until);

    /// <summary>Denies a range, or one that is denied already anew; false when it would be one more than <paramref name="limit"/>.</summary>
    internal bool TrySet(AddressRange range, Denial denial, int limit)
    {
        if (_denials.Count >= limit && !_denials.ContainsKey(range))
        {
            return false;
        }

        _denials[range] = denial;
        return true;
    }

    internal bool Remove(AddressRange range) => _denials.Remove(range);

    /// <summary>Takes out what has ended by <paramref name="now"/>.</summary>
    internal IReadOnlyList<AddressRange> TakeEnded(TimeSpan now)
    {
        AddressRange[] ended = [.. _denials.Where(one => one.Value.Until <= now).Select(static one => one.Key)];
        Array.ForEach(ended, range => _denials.Remove(range));
        return ended;
    }

    /// <summary>All addresses that are denied; null when there are none.</summary>
    internal AddressSet? ToSet() => _denials.Count == 0 ? null : AddressSet.Of(_denials.Keys);
}

/// <summary>How long a range is denied.</summary>
/// <param name="Until">When it ends, on the clock of its table's owner.</param>
/// <param name="Since">When it was denied, for those who look at it.</param>
internal readonly record struct Denial(TimeSpan Until, DateTimeOffset Since);
