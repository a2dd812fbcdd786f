using System.Collections.ObjectModel;

namespace ProxyCore;

/// <summary>What a <see cref="TcpProxy"/> or one of its routes has done so far, at one moment. Immutable. A test may make its own.</summary>
public sealed class TcpProxyStatistics
{
    private readonly ReadOnlyDictionary<EndReason, long> _ended = WithEveryReason(null);

    /// <summary>How many clients were accepted.</summary>
    public long Accepted { get; init; }

    /// <summary>How many of their connections are open: those that were accepted, less those that have ended.</summary>
    public long Active => Accepted - _ended.Values.Sum();

    /// <summary>How many bytes were sent to upstreams.</summary>
    public long BytesToUpstreams { get; init; }

    /// <summary>How many bytes were sent to clients.</summary>
    public long BytesToClients { get; init; }

    /// <summary>
    /// How many connections are missing from the access log, because it could not be written, or not fast enough. 0 for
    /// a route: the proxy counts them for all routes together.
    /// </summary>
    public long AccessLogDropped { get; init; }

    /// <summary>
    /// How many clients that were refused for what they are or have sent are missing from the access log, which takes one a
    /// second for each such reason, so that an attacker can't flood it. 0 for a route, as <see cref="AccessLogDropped"/>.
    /// </summary>
    public long AccessLogLeftOut { get; init; }

    /// <summary>
    /// How many connections ended for each reason. Every reason has an entry: what is not given when this object is made
    /// is 0.
    /// </summary>
    /// <exception cref="ArgumentNullException">It is set to null.</exception>
    public IReadOnlyDictionary<EndReason, long> Ended
    {
        get => _ended;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            _ended = WithEveryReason(value);
        }
    }

    /// <summary>A short text for debuggers and messages of tests; its form may change.</summary>
    public override string ToString() =>
        $"{Accepted} accepted, {Active} active, {BytesToUpstreams} B to upstreams, {BytesToClients} B to clients";

    private static ReadOnlyDictionary<EndReason, long> WithEveryReason(IReadOnlyDictionary<EndReason, long>? given)
    {
        var counts = new Dictionary<EndReason, long>(EndReasons.All.Count);
        foreach (EndReason reason in EndReasons.All)
        {
            counts.Add(reason, given is not null && given.TryGetValue(reason, out long count) ? count : 0);
        }

        return counts.AsReadOnly();
    }
}
