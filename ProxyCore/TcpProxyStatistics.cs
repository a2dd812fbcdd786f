namespace ProxyCore;

/// <summary>What a <see cref="TcpProxy"/> has done so far, at one moment. Immutable.</summary>
public sealed class TcpProxyStatistics
{
    internal TcpProxyStatistics(long accepted, long bytesToUpstreams, long bytesToClients, long[] ended, long accessLogDropped)
    {
        Accepted = accepted;
        Active = accepted - ended.Sum();
        BytesToUpstreams = bytesToUpstreams;
        BytesToClients = bytesToClients;
        AccessLogDropped = accessLogDropped;
        Ended = Enum.GetValues<EndReason>().ToDictionary(static reason => reason, reason => ended[(int)reason]);
    }

    /// <summary>How many connections have been accepted.</summary>
    public long Accepted { get; }

    /// <summary>How many of them are open.</summary>
    public long Active { get; }

    /// <summary>How many bytes were sent to upstreams.</summary>
    public long BytesToUpstreams { get; }

    /// <summary>How many bytes were sent to clients.</summary>
    public long BytesToClients { get; }

    /// <summary>How many connections are missing from the access log, because it could not be written, or not fast enough.</summary>
    public long AccessLogDropped { get; }

    /// <summary>How many connections ended for each reason; every reason has an entry.</summary>
    public IReadOnlyDictionary<EndReason, long> Ended { get; }
}
