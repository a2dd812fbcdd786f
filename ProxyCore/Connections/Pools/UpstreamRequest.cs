using System.Net;
using ProxyCore.Loop;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>What a request waits for at its pool.</summary>
internal enum RequestWait : byte
{
    /// <summary>It does not wait.</summary>
    None,

    /// <summary>The names of the upstreams are being resolved.</summary>
    Names,

    /// <summary>All upstreams are at their maximum.</summary>
    Slot,
}

/// <summary>A client's request for an upstream, as its route's pool keeps it. Belongs to the pool's thread.</summary>
/// <remarks>An answer runs at once when the requester is on the pool's loop; else it is posted to the requester's.</remarks>
internal sealed class UpstreamRequest(IUpstreamRequester requester, SelectLoop requesterLoop, SelectLoop poolLoop, ClientInfo client)
{
    private List<PoolMember>? _tried;

    internal ClientInfo Client => client;

    /// <summary>The upstreams that this round has tried in vain.</summary>
    internal IReadOnlyList<PoolMember> Tried => _tried ?? (IReadOnlyList<PoolMember>)[];

    /// <summary>Whether a connect has failed, in this round or before: each further one is a retry.</summary>
    internal bool HasFailed { get; private set; }

    /// <summary>The upstream at which it has a slot; null without one.</summary>
    internal PoolMember? Member { get; private set; }

    /// <summary>Its node in the pool's <see cref="RequestQueue"/>; null while it does not wait.</summary>
    internal LinkedListNode<UpstreamRequest>? Node { get; set; }

    internal RequestWait WaitsFor { get; set; }

    /// <summary>Answers with a slot at <paramref name="member"/>; <paramref name="others"/> more could be tried after it.</summary>
    internal void Grant(PoolMember member, int others)
    {
        Member = member;
        IReadOnlyList<EndPoint> addresses = member.Settings.EndPoints;
        if (requesterLoop == poolLoop)
        {
            requester.OnGranted(member, addresses, others);
        }
        else
        {
            PostGrant(member, addresses, others);
        }
    }

    /// <summary>Gives the slot up after the upstream was tried in vain.</summary>
    internal PoolMember ReleaseTried()
    {
        HasFailed = true;
        (_tried ??= []).Add(Member!);
        return Release()!;
    }

    /// <summary>Begins a new round: every upstream may be tried again.</summary>
    internal void BeginRound() => _tried?.Clear();

    /// <summary>Gives the slot up, if there is one.</summary>
    internal PoolMember? Release()
    {
        PoolMember? member = Member;
        Member = null;
        return member;
    }

    internal void AnswerWaiting(RequestWait wait) =>
        Answer(wait == RequestWait.Names ? requester.OnWaitingForNames : requester.OnQueued);

    internal void AnswerRoundOver() => Answer(requester.OnRoundOver);

    internal void Refuse(EndReason reason, string cause) => Answer(() => requester.OnRefused(reason, cause));

    internal void Fault(Exception exception) => Answer(() => requester.OnFault(exception));

    // Apart from its caller, which serves most connections: there the closure would be allocated for each of them.
    private void PostGrant(PoolMember member, IReadOnlyList<EndPoint> addresses, int others) =>
        requesterLoop.Post(requester.Owner, () => requester.OnGranted(member, addresses, others));

    private void Answer(Action answer)
    {
        if (requesterLoop == poolLoop)
        {
            answer();
        }
        else
        {
            requesterLoop.Post(requester.Owner, answer);
        }
    }
}
