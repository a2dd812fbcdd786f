namespace ProxyCore.Relay;

/// <summary>
/// How much memory all directions of all connections may hold for sinks that take too little, over all loops. Any thread.
/// </summary>
/// <remarks>
/// Written only when a block is rented or returned, so relaying without backpressure shares nothing between loops. Where
/// the limit is reached nothing is refused: a direction then reads no more than its sink has room for, and a little.
/// </remarks>
internal sealed class PendingBudget(long limit)
{
    /// <summary>What a direction may hold however much the others do, in bytes; less would cost more calls than it saves.</summary>
    internal const int LeastForOne = PendingPool.SmallestBlock;

    private long _limit = limit;
    private long _used;

    /// <summary>The limit, in bytes. A new one cuts nothing that is held.</summary>
    internal long Limit
    {
        get => Volatile.Read(ref _limit);
        set => Volatile.Write(ref _limit, value);
    }

    /// <summary>How many bytes are held; little more than the limit at most.</summary>
    internal long Used => Volatile.Read(ref _used);

    /// <summary>How many bytes more may be held; negative when it is more than the limit.</summary>
    internal long Left => Limit - Used;

    /// <summary>The most that one direction may hold now, <paramref name="most"/> at most.</summary>
    internal int Allow(int most)
    {
        long left = Left;
        return left >= most ? most : (int)Math.Min(Math.Max(left, LeastForOne), most);
    }

    /// <summary>Counts a block that is rented, or with a negative number of <paramref name="bytes"/> one that is returned.</summary>
    internal void Add(int bytes) => Interlocked.Add(ref _used, bytes);
}
