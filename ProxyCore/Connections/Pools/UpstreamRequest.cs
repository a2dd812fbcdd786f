using System.Net;
using ProxyCore.Connections.Connecting;
using ProxyCore.Loop;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>One client's request for an upstream, as its route's pool keeps it. Belongs to the thread of the pool.</summary>
/// <remarks>Answers go to the client's own loop: at once when that is the pool's too, else by a post.</remarks>
internal sealed class UpstreamRequest(ConnectSequence asker, SelectLoop askerLoop, SelectLoop poolLoop, ClientInfo client)
{
    private List<PoolMember>? _tried;

    internal ClientInfo Client => client;

    /// <summary>Who was tried for it, in vain.</summary>
    internal IReadOnlyList<PoolMember> Tried => _tried ?? (IReadOnlyList<PoolMember>)[];

    /// <summary>Where it has a place now, if it has one.</summary>
    internal PoolMember? Member { get; private set; }

    /// <summary>Its place among those who wait, if it does.</summary>
    internal LinkedListNode<UpstreamRequest>? Waiting { get; set; }

    /// <summary>What it waits for, if it does: <see cref="ConnectionPhase.Resolving"/> or <see cref="ConnectionPhase.Queued"/>.</summary>
    internal ConnectionPhase? WaitsAs { get; set; }

    /// <summary>It gets <paramref name="member"/>, and may try <paramref name="others"/> more after that.</summary>
    internal void Grant(PoolMember member, int others)
    {
        Member = member;
        IReadOnlyList<EndPoint> addresses = member.Settings.EndPoints;
        if (askerLoop == poolLoop)
        {
            asker.OnGranted(member, addresses, others);
        }
        else
        {
            PostGrant(member, addresses, others);
        }
    }

    /// <summary>Its place is given up, after it was tried in vain.</summary>
    internal PoolMember TakeBackFailed()
    {
        (_tried ??= []).Add(Member!);
        return TakeBack()!;
    }

    /// <summary>Whoever was tried may be tried again.</summary>
    internal void ForgetTried() => _tried!.Clear();

    /// <summary>Its place is given up, if it has one.</summary>
    internal PoolMember? TakeBack()
    {
        PoolMember? member = Member;
        Member = null;
        return member;
    }

    internal void TellWaits(ConnectionPhase phase) => Tell(() => asker.OnWaiting(phase));

    internal void TellAllTried() => Tell(asker.OnAllTried);

    internal void Refuse(EndReason reason, string cause) => Tell(() => asker.OnRefused(reason, cause));

    internal void Fault(Exception exception) => Tell(() => asker.OnFault(exception));

    // Apart from its caller, which most connections call: there it would make an object for each, needed or not.
    private void PostGrant(PoolMember member, IReadOnlyList<EndPoint> addresses, int others) =>
        askerLoop.Post(asker.Connection, () => asker.OnGranted(member, addresses, others));

    private void Tell(Action answer)
    {
        if (askerLoop == poolLoop)
        {
            answer();
        }
        else
        {
            askerLoop.Post(asker.Connection, answer);
        }
    }
}
