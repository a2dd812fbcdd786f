namespace ProxyCore.Connections.Counting;

/// <summary>The counters of one route on one loop. Only the loop's thread counts; any thread may read.</summary>
/// <remarks>With one writer a plain addition and a volatile write do, without an interlocked operation.</remarks>
internal sealed class TrafficCounters
{
    private readonly EndCounts _ended = new();
    private long _accepted;
    private long _opening;
    private long _bytesToUpstreams;
    private long _bytesToClients;

    internal void CountAccepted() => Add(ref _accepted, 1);

    /// <summary>A client is accepted whose route is not known yet.</summary>
    internal void CountOpening() => Add(ref _opening, 1);

    /// <summary>Such a client has a route, where it counts as accepted, or has ended without one.</summary>
    internal void CountOpened() => Add(ref _opening, -1);

    /// <summary>How many connections are open. Any thread.</summary>
    internal long Active => Volatile.Read(ref _accepted) + Volatile.Read(ref _opening) - _ended.Sum();

    internal void CountRelayed(ConnectionSide source, long bytes) =>
        Add(ref source == ConnectionSide.Client ? ref _bytesToUpstreams : ref _bytesToClients, bytes);

    internal void CountEnded(EndReason reason) => Add(ref _ended[reason], 1);

    /// <summary>Adds them to <paramref name="sum"/>. Any thread.</summary>
    internal void AddTo(TrafficSum sum)
    {
        // The ends are read first, so that no connection counts as ended that does not count as accepted yet.
        _ended.AddTo(sum.Ended);
        sum.Accepted += Volatile.Read(ref _accepted);
        sum.Opening += Volatile.Read(ref _opening);
        sum.BytesToUpstreams += Volatile.Read(ref _bytesToUpstreams);
        sum.BytesToClients += Volatile.Read(ref _bytesToClients);
    }

    private static void Add(ref long figure, long amount) => Volatile.Write(ref figure, figure + amount);
}
