namespace ProxyCore.Bench.Load.Tls;

/// <summary>What the first connection of a run negotiated, which all others must too. Any thread.</summary>
internal sealed class TlsAgreement
{
    private string? _negotiated;
    private long _resumed;

    /// <summary>The version, cipher suite and group; null before the first handshake.</summary>
    internal string? Negotiated => Volatile.Read(ref _negotiated);

    /// <summary>How many handshakes resumed a session.</summary>
    internal long Resumed => Volatile.Read(ref _resumed);

    /// <summary>Holds a handshake to the first one, and counts it.</summary>
    /// <exception cref="InvalidOperationException"><paramref name="hello"/> has something else.</exception>
    internal void Check(ServerHello hello)
    {
        string? first = Interlocked.CompareExchange(ref _negotiated, hello.Negotiated, null);
        if (first is not null && first != hello.Negotiated)
        {
            throw new InvalidOperationException($"a connection negotiated {hello.Negotiated}, the first one {first}");
        }

        if (hello.IsResumed)
        {
            Interlocked.Increment(ref _resumed);
        }
    }
}
