using ProxyCore.Loop;

namespace ProxyCore.Connections.Pools;

/// <summary>The clients of a route who wait for an upstream, in the order of their coming. Belongs to the thread of the pool.</summary>
/// <param name="loop">The loop of the pool.</param>
/// <param name="owner">The pool.</param>
/// <param name="serve">Answers a request anew: it leaves the line, or stays in its place.</param>
internal sealed class RequestQueue(SelectLoop loop, ILoopMember owner, Action<UpstreamRequest> serve)
{
    private readonly LinkedList<UpstreamRequest> _requests = [];
    private bool _willServe;

    /// <summary>How many wait because all upstreams are full; others wait for names.</summary>
    internal int Queued { get; private set; }

    /// <summary>
    /// Lets a request wait for something else than before: at the end of the line, or where it stands already.
    /// </summary>
    internal void Enter(UpstreamRequest request, ConnectionPhase phase)
    {
        request.Waiting ??= _requests.AddLast(request);
        request.WaitsAs = phase;
        Queued += phase == ConnectionPhase.Queued ? 1 : 0;
        request.TellWaits(phase);
    }

    /// <summary>Takes a request out, if it is in.</summary>
    internal void Leave(UpstreamRequest request)
    {
        if (request.Waiting is not { } place)
        {
            return;
        }

        _requests.Remove(place);
        Queued -= request.WaitsAs == ConnectionPhase.Queued ? 1 : 0;
        request.Waiting = null;
        request.WaitsAs = null;
    }

    /// <summary>
    /// Has those who wait served, at the loop's next turn: serving may end in this being called again, and must not nest.
    /// </summary>
    internal void ServeSoon()
    {
        if (_willServe || _requests.Count == 0)
        {
            return;
        }

        _willServe = true;
        loop.Post(owner, () =>
        {
            _willServe = false;
            ServeInTurn();
        });
    }

    private void ServeInTurn()
    {
        LinkedListNode<UpstreamRequest>? next = _requests.First;
        while (next is { Value: var request })
        {
            next = next.Next;
            serve(request);

            // When there is no place for one who would take any, there is none for those behind.
            if (request.Waiting is not null && request.Tried.Count == 0)
            {
                return;
            }
        }
    }
}
