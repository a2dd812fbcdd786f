namespace ProxyCore.Relay;

/// <summary>The memory that all pipes of one loop share: the buffer to read into, and the pool for what is left over.</summary>
internal sealed class RelayBuffers : IDisposable
{
    /// <summary>
    /// The most that is read at a time. Bytes/s over HAProxy grow up to here: a system call costs the same for more
    /// bytes, and the peers are woken less often.
    /// </summary>
    internal const int LargestRead = 2 * 1024 * 1024;

    private readonly int _mostPending;
    private readonly PendingBudget _budget;

    /// <param name="mostPending">The most that one direction of a connection holds, in bytes.</param>
    /// <param name="budget">What all directions of all loops may hold together.</param>
    internal RelayBuffers(int mostPending, PendingBudget budget)
    {
        _mostPending = mostPending;
        _budget = budget;
        Pool = new PendingPool(budget);

        // Pinned, so that no call has to pin it. Pages that are never read into take no memory.
        Read = GC.AllocateUninitializedArray<byte>(Math.Max(mostPending, LargestRead), pinned: true);
    }

    /// <summary>One for all: what is read is sent at once, and only what the sink leaves is copied.</summary>
    internal byte[] Read { get; }

    /// <summary>The most that one direction may hold now: less than configured while the budget is nearly used up.</summary>
    internal int MostPending => _budget.Allow(_mostPending);

    internal PendingPool Pool { get; }

    /// <summary>
    /// How many more bytes a stage may hold that holds <paramref name="held"/> now, of <paramref name="most"/> in all: fewer
    /// while the budget is nearly used up.
    /// </summary>
    internal int RoomFor(int held, int most)
    {
        long left = Math.Max(_budget.Left, PendingBudget.LeastForOne - held);
        return (int)Math.Clamp(most - held, 0, Math.Max(left, 0));
    }

    public void Dispose() => Pool.Dispose();
}
