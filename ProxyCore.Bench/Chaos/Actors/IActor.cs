namespace ProxyCore.Bench.Chaos.Actors;

/// <summary>Does something to the proxy, or near it, again and again.</summary>
internal interface IActor
{
    /// <summary>Acts until it is cancelled, and leaves everything as it found it.</summary>
    Task ActAsync(CancellationToken stop);
}
