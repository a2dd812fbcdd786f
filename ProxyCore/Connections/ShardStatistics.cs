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

    /// <summary>What several shards have done together. Any thread.</summary>
    internal static TcpProxyStatistics Sum(IEnumerable<ShardStatistics> shards, long accessLogDropped = 0)
    {
        var ended = new long[Enum.GetValues<EndReason>().Length];
        long accepted = 0;
        long bytesToUpstreams = 0;
        long bytesToClients = 0;
        foreach (ShardStatistics shard in shards)
        {
            // The ends first: then no connection can be counted as ended that is not yet counted as accepted.
            for (int reason = 0; reason < ended.Length; reason++)
            {
                ended[reason] += Volatile.Read(ref shard._ended[reason]);
            }

            accepted += Volatile.Read(ref shard._accepted);
            bytesToUpstreams += Volatile.Read(ref shard._bytesToUpstreams);
            bytesToClients += Volatile.Read(ref shard._bytesToClients);
        }

        return new TcpProxyStatistics(accepted, bytesToUpstreams, bytesToClients, ended, accessLogDropped);
    }

    private static void Add(ref long figure, long amount) => Volatile.Write(ref figure, figure + amount);
}
