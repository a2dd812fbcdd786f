using ProxyCore.Loop;

namespace ProxyCore.Connections.Pools;

/// <summary>The requests of a route that wait for an upstream, in the order of arrival. Belongs to the pool's thread.</summary>
/// <param name="loop">The loop of the pool.</param>
/// <param name="owner">The pool.</param>
/// <param name="serve">Answers a request again: the request leaves the queue, or keeps its position.</param>
internal sealed class RequestQueue(SelectLoop loop, ILoopMember owner, Action<UpstreamRequest> serve)
{
    private readonly LinkedList<UpstreamRequest> _requests = [];
    private bool _isServing;
    private bool _willServe;

    /// <summary>How many requests wait because all upstreams are at their maximum. Any thread.</summary>
    internal int Queued { get; private set; }

    internal bool IsEmpty => _requests.Count == 0;

    /// <summary>Lets a request wait: at the end, or in the position that it has.</summary>
    internal void Enter(UpstreamRequest request, RequestWait wait)
    {
        request.Node ??= _requests.AddLast(request);
        if (request.WaitsFor == wait)
        {
            return;
        }

        Queued += (wait == RequestWait.Slot ? 1 : 0) - (request.WaitsFor == RequestWait.Slot ? 1 : 0);
        request.WaitsFor = wait;
        request.AnswerWaiting(wait);
    }

    /// <summary>Removes a request, if it waits.</summary>
    internal void Remove(UpstreamRequest request)
    {
        if (request.Node is not { } node)
        {
            return;
        }

        _requests.Remove(node);
        Queued -= request.WaitsFor == RequestWait.Slot ? 1 : 0;
        request.Node = null;
        request.WaitsFor = RequestWait.None;
    }

    /// <summary>
    /// Serves those that wait before <paramref name="newcomer"/>. False when the newcomer has to wait behind them.
    /// </summary>
    /// <remarks>
    /// Once they are served, what is still free is of no use to any of them, so the newcomer overtakes nobody. While they
    /// are being served, a newcomer (a request whose connect failed at once, say) joins the end and is served in its turn.
    /// </remarks>
    internal bool ServeBefore(UpstreamRequest newcomer)
    {
        if (_requests.Count == 0 || newcomer.Node is not null)
        {
            return true;
        }

        if (_isServing)
        {
            return false;
        }

        ServeAll();
        return true;
    }

    /// <summary>Serves those that wait in the loop's next turn: a caller may be in the midst of serving one of them.</summary>
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
            ServeAll();
        });
    }

    private void ServeAll()
    {
        _isServing = true;
        try
        {
            ServeInOrder();
        }
        finally
        {
            _isServing = false;
        }
    }

    private void ServeInOrder()
    {
        LinkedListNode<UpstreamRequest>? node = _requests.First;
        while (node is { Value: var request })
        {
            LinkedListNode<UpstreamRequest>? next = node.Next;
            serve(request);

            // A request that has tried none could use any upstream: if it has to wait, so do all behind it.
            if (request.Node == node && request.Tried.Count == 0)
            {
                return;
            }

            // Serving one may have removed the next: its connection ended.
            node = next is { List: null } ? _requests.First : next;
        }
    }
}
