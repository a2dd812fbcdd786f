using ProxyCore.Connections.Sockets;
using ProxyCore.Loop;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <content>What the connections of any loop call: on another loop than the pool's it is posted.</content>
internal sealed partial class RoutePool
{
    // Stands for every client where the policy does not look at where it is; null where it does. Any thread.
    private volatile ClientInfo? _anybody;

    // A built-in policy does not ask for the local endpoint, which costs a system call a client. Any thread.
    private volatile bool _hasOwnPolicy;

    /// <summary>Makes a request for a client on the loop <paramref name="requesterLoop"/>. Any loop.</summary>
    internal UpstreamRequest CreateRequest(IUpstreamRequester requester, SelectLoop requesterLoop, IIdentifiedClient client) =>
        new(requester, requesterLoop, _loop, _anybody ?? InfoOf(client));

    private ClientInfo InfoOf(IIdentifiedClient client) => _hasOwnPolicy
        ? ClientAddress.InfoOf(_route.Name, client)
        : new ClientInfo(_route.Name, client.Identify(), localEndPoint: null);

    /// <summary>Asks for an upstream, or for another one in the same round. Any loop; the answer may come before this returns.</summary>
    internal void Ask(UpstreamRequest request, SelectLoop caller) =>
        Run(caller, request, static (pool, request) => pool.OnAsked(request));

    /// <summary>Begins a new round, in which every upstream may be tried again. Any loop.</summary>
    internal void AskInNewRound(UpstreamRequest request, SelectLoop caller) => Run(caller, request, static (pool, request) =>
    {
        request.BeginRound();
        pool.Serve(request);
    });

    /// <summary>Withdraws a request, and the slot that it may have. Any loop.</summary>
    internal void Withdraw(UpstreamRequest request, SelectLoop caller) =>
        Run(caller, request, static (pool, request) => pool.OnWithdrawn(request));

    /// <summary>The connect to the granted upstream failed. Any loop.</summary>
    /// <param name="request">The request.</param>
    /// <param name="caller">The loop of the caller.</param>
    /// <param name="cause">Why it failed.</param>
    /// <param name="isLocal">Whether the cause is the proxy's own, which says nothing about the upstream's health.</param>
    internal void ReportFailed(UpstreamRequest request, SelectLoop caller, string cause, bool isLocal) =>
        Run(caller, (request, cause, isLocal), static (pool, failed) => pool.OnFailed(failed.request, failed.cause, failed.isLocal));

    /// <summary><paramref name="member"/>, which was granted, is connected. The slot is kept until <see cref="Release"/>. Any loop.</summary>
    internal void ReportConnected(PoolMember member, SelectLoop caller) =>
        Run(caller, member, static (pool, member) => pool.OnConnected(member));

    /// <summary>The connection to <paramref name="member"/> has ended. Any loop.</summary>
    internal void Release(PoolMember member, SelectLoop caller) =>
        Run(caller, member, static (pool, member) => pool.OnReleased(member));

    private void NoteWhetherPolicyLooks()
    {
        _hasOwnPolicy = !BuiltInPolicies.IsBuiltIn(_pool.Policy);
        _anybody = BuiltInPolicies.LooksAtClient(_pool.Policy) ? null : new ClientInfo(_route.Name, address: null);
    }

    private void Run<T>(SelectLoop caller, T argument, Action<RoutePool, T> work)
    {
        if (caller == _loop)
        {
            work(this, argument);
        }
        else
        {
            Post(argument, work);
        }
    }

    private void Post<T>(T argument, Action<RoutePool, T> work) => _loop.Post(this, () => work(this, argument));
}
