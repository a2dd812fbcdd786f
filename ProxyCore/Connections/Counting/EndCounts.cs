namespace ProxyCore.Connections.Counting;

/// <summary>A number for each <see cref="EndReason"/>, in an order that callers need not know.</summary>
internal sealed class EndCounts
{
    private static readonly int _length = EndReasons.All.Max(static reason => (int)reason) + 1;

    private readonly long[] _counts = new long[_length];

    /// <summary>The number of one reason. Any thread may read what one thread writes, by way of <see cref="Volatile"/>.</summary>
    internal ref long this[EndReason reason] => ref _counts[(int)reason];

    internal long Sum() => _counts.Sum();

    /// <summary>Adds all of them to <paramref name="sum"/>. Any thread.</summary>
    internal void AddTo(EndCounts sum)
    {
        for (int number = 0; number < _counts.Length; number++)
        {
            sum._counts[number] += Volatile.Read(ref _counts[number]);
        }
    }

    internal Dictionary<EndReason, long> ToDictionary()
    {
        var counts = new Dictionary<EndReason, long>(EndReasons.All.Count);
        foreach (EndReason reason in EndReasons.All)
        {
            counts.Add(reason, this[reason]);
        }

        return counts;
    }
}
