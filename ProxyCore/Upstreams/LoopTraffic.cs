namespace ProxyCore.Upstreams;

/// <summary>The bytes that one loop has relayed to and from one upstream. Only the loop's thread counts; any thread may read.</summary>
internal sealed class LoopTraffic
{
    private long _toUpstream;
    private long _toClients;

    internal long BytesToUpstream => Volatile.Read(ref _toUpstream);

    internal long BytesToClients => Volatile.Read(ref _toClients);

    internal void Count(ConnectionSide source, long bytes) =>
        Add(ref source == ConnectionSide.Client ? ref _toUpstream : ref _toClients, bytes);

    // With one writer no interlocked operation is needed.
    private static void Add(ref long figure, long amount) => Volatile.Write(ref figure, figure + amount);
}
