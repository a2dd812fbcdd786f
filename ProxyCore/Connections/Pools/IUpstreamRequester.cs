using System.Net;
using ProxyCore.Loop;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>Asks a pool for an upstream and gets its answers, each on the requester's own loop.</summary>
internal interface IUpstreamRequester
{
    /// <summary>Ends when an answer throws.</summary>
    ILoopMember Owner { get; }

    /// <summary>The request waits until the names of the upstreams are resolved.</summary>
    void OnWaitingForNames();

    /// <summary>The request waits in the queue, because all upstreams are at their maximum.</summary>
    void OnQueued();

    /// <summary>The request has a slot at <paramref name="member"/>. The requester reports what becomes of it.</summary>
    /// <param name="member">The upstream.</param>
    /// <param name="addresses">Its addresses, in the order to try them.</param>
    /// <param name="others">How many more upstreams this round could still try.</param>
    void OnGranted(PoolMember member, IReadOnlyList<EndPoint> addresses, int others);

    /// <summary>This round has tried every upstream in vain. A new round may begin later.</summary>
    void OnRoundOver();

    /// <summary>The request gets no upstream.</summary>
    void OnRefused(EndReason reason, string cause);

    /// <summary>The balancing policy threw while it chose for this request.</summary>
    void OnFault(Exception exception);
}
