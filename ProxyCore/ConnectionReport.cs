using System.Net;

namespace ProxyCore;

/// <summary>One connection, as it is at one moment. Immutable.</summary>
public sealed class ConnectionReport
{
    internal ConnectionReport()
    {
    }

    /// <summary>What logs call it: counted from 1.</summary>
    public required long Id { get; init; }

    /// <summary>The name of its route.</summary>
    public required string Route { get; init; }

    /// <summary>Where its client is: of a Unix socket mostly without a path. Null for one that was gone at once.</summary>
    public EndPoint? Client { get; init; }

    /// <summary>The address of its upstream, the last one tried; null before any is.</summary>
    public string? Upstream { get; init; }

    /// <summary>How many upstreams have been tried. 0 too where nobody counted them, because none wanted to know then.</summary>
    public int Attempts { get; init; }

    /// <summary>From the client's coming to the upstream's being connected, queue included; null when it is not.</summary>
    public TimeSpan? ConnectTime { get; init; }

    /// <summary>From the client's coming to the first byte that was sent to it; null when there is none.</summary>
    public TimeSpan? FirstByteTime { get; init; }

    /// <summary>From the client's coming to now.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How many bytes were sent to the upstream.</summary>
    public long BytesToUpstream { get; init; }

    /// <summary>How many bytes were sent to the client.</summary>
    public long BytesToClient { get; init; }

    /// <summary>The step of its life that it is in, or ended in.</summary>
    public ConnectionPhase Phase { get; init; }

    /// <summary>Why it ended; null while it is open.</summary>
    public EndReason? Reason { get; init; }

    /// <summary>Which side ended it, as <see cref="Reason"/> tells; null when that was the proxy itself, and while it is open.</summary>
    public ConnectionSide? EndedBy => Reason?.EndedBy();
}
