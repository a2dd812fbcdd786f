namespace ProxyCore.Connections;

/// <summary>What one shard has done. Only the loop's thread counts; any thread may read.</summary>
/// <remarks>One writer needs no interlocked addition: a plain sum, published by a volatile write.</remarks>
internal sealed class ShardStatistics
{
    private readonly long[] _ended = new long[Enum.GetValues<EndReason>().Length];
    private long _accepted;
    private long _bytesToUpstreams;
    private long _bytesToClients;

    internal void CountAccepted() => Add(ref _accepted, 1);

    internal void CountRelayed(ConnectionSide source, long bytes) =>
        Add(ref source == ConnectionSide.Client ? ref _bytesToUpstreams : ref _bytesToClients, bytes);

    internal void CountEnded(EndReason reason) => Add(ref _ended[(int)reason], 1);

    /// <summary>Any thread.</summary>
    internal TcpProxyStatistics Read()
    {
        // The ends first: then no connection can be counted as ended that is not yet counted as accepted.
        var ended = new long[_ended.Length];
        for (int reason = 0; reason < ended.Length; reason++)
        {
            ended[reason] = Volatile.Read(ref _ended[reason]);
        }

        return new TcpProxyStatistics(
            Volatile.Read(ref _accepted), Volatile.Read(ref _bytesToUpstreams), Volatile.Read(ref _bytesToClients), ended);
    }

    private static void Add(ref long figure, long amount) => Volatile.Write(ref figure, figure + amount);
}
