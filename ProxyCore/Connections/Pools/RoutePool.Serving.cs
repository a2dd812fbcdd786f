using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <content>What a request is answered: an upstream, a wait, or a refusal.</content>
internal sealed partial class RoutePool
{
    private void OnAsked(UpstreamRequest request)
    {
        _retries.OnAsked(request, _loop.Now);
        Serve(request);
    }

    private void Serve(UpstreamRequest request)
    {
        try
        {
            Answer(request);
        }
        catch (Exception exception)
        {
            // The user's balancing policy threw: that concerns only the request that it chose for.
            Dequeue(request);
            request.Fault(exception);
        }
    }

    private void Answer(UpstreamRequest request)
    {
        if (!_queue.ServeBefore(request))
        {
            WaitForSlot(request);
            return;
        }

        if (!_retries.Allow(request, _route.Name, _loop.Now))
        {
            // The client ends with the reason of the failure that it would have retried after.
            Refuse(request, EndReason.ConnectFailed, "the retry budget of the route is used up");
            return;
        }

        switch (_pool.TryTake(request.Client, request.Tried, _loop.Now, out PoolMember member))
        {
            case PoolAnswer.Taken:
                Dequeue(request);
                _retries.OnGranted(request, _loop.Now);
                request.Grant(member, _pool.CountOthers(member, request.Tried));
                break;
            case PoolAnswer.Busy:
                WaitForSlot(request);
                break;
            case PoolAnswer.None when _pool.IsHeldByHand:
                WaitForSlot(request);
                break;
            case PoolAnswer.None when _pool.Members.Count == 0:
                WaitForNames(request);
                break;
            case PoolAnswer.None when request.Tried.Count > 0 && _pool.HasAnyToTry:
                Dequeue(request);
                request.AnswerRoundOver();
                break;
            case PoolAnswer.None:
                _events.LogNoneHealthy(_route.Name);
                Refuse(request, EndReason.NoUpstream, "no upstream is healthy");
                break;
        }
    }

    private void WaitForSlot(UpstreamRequest request)
    {
        if (request.WaitsFor != RequestWait.Slot && _queue.Queued >= _route.Pool.QueueLimit)
        {
            Refuse(request, EndReason.QueueFull, "all upstreams are at their maximum, and the queue is full");
            return;
        }

        _queue.Enter(request, RequestWait.Slot);
    }

    private void WaitForNames(UpstreamRequest request)
    {
        _names.RefreshAll();
        if (!_names.IsAsking)
        {
            Refuse(request, EndReason.ResolveFailed, _names.LookupErrors);
            return;
        }

        _queue.Enter(request, RequestWait.Names);
    }

    private void Refuse(UpstreamRequest request, EndReason reason, string cause)
    {
        Dequeue(request);
        request.Refuse(reason, cause);
    }

    private void Dequeue(UpstreamRequest request)
    {
        _queue.Remove(request);
        StopIfUnused();
    }
}
