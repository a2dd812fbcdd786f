namespace ProxyCore.Relay;

/// <summary>The memory that all pipes of one loop share: the buffer to read into, and the pool for what is left over.</summary>
internal sealed class RelayBuffers : IDisposable
{
    /// <summary>
    /// The most that is read at a time. Bytes/s over HAProxy grow up to here: a system call costs the same for more
    /// bytes, and the peers are woken less often.
    /// </summary>
    internal const int LargestRead = 2 * 1024 * 1024;

    /// <param name="mostPending">The most that one direction of a connection keeps, in bytes.</param>
    internal RelayBuffers(int mostPending)
    {
        MostPending = mostPending;

        // Pinned, so that no call has to pin it. Pages that are never read into take no memory.
        Read = GC.AllocateUninitializedArray<byte>(Math.Max(mostPending, LargestRead), pinned: true);
    }

    /// <summary>One for all: what is read is sent at once, and only what the sink leaves is copied.</summary>
    internal byte[] Read { get; }

    internal int MostPending { get; }

    internal PendingPool Pool { get; } = new();

    public void Dispose() => Pool.Dispose();
}
