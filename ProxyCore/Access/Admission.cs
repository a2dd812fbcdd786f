namespace ProxyCore.Access;

/// <summary>The answer to one more connection of a client.</summary>
/// <param name="Verdict">Whether it is allowed.</param>
/// <param name="Use">What is to be released when an admitted connection ends.</param>
/// <param name="RetryAfter">When to ask again if the connection is to wait: more than zero, unless it is admitted.</param>
internal readonly record struct Admission(LimitVerdict Verdict, ClientUse Use, TimeSpan RetryAfter)
{
    // No time is known at which another connection of the client ends, so that a waiting one has to ask now and then.
    private static readonly TimeSpan _recheckInterval = TimeSpan.FromMilliseconds(100);

    // The resolution of the loop's timers; it also keeps a rounding error of a rate from becoming a spin.
    private static readonly TimeSpan _leastWait = TimeSpan.FromMilliseconds(1);

    internal static Admission TooManyConnections => new(LimitVerdict.TooManyConnections, default, _recheckInterval);

    internal static Admission TooFast(TimeSpan wait) =>
        new(LimitVerdict.TooFast, default, wait < _leastWait ? _leastWait : wait);
}
