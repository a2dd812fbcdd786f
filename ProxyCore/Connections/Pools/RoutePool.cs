using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ProxyCore.Connections.Connecting;
using ProxyCore.Diagnostics;
using ProxyCore.Loop;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>The pool of a route at work: clients are served in turn, and what becomes of their connects is noted.</summary>
/// <remarks>
/// It belongs to the thread of the proxy's first loop, whichever loops its clients are on: so maximum, turn and health
/// are those of the whole proxy, and nothing is locked. What takes the caller's loop may be called on any of them, and
/// posts where it must.
/// </remarks>
internal sealed class RoutePool : ILoopMember
{
    private readonly SelectLoop _loop;
    private readonly ILogger _logger;
    private readonly Action<PoolMember> _endSessions;
    private readonly UpstreamPool _pool;
    private readonly PoolSources _names;
    private readonly PoolChecks _checks;
    private readonly RequestQueue _waiting;
    private readonly HealthEvents _events;
    private RouteSettings _route;

    private volatile KnownUpstreams _known = new([], []);

    // Stands for every client where the policy does not look at where it is; null where it does. Any thread.
    private volatile ClientInfo? _anybody;

    /// <param name="loop">The proxy's first loop.</param>
    /// <param name="route">What is configured.</param>
    /// <param name="logger">Where it logs.</param>
    /// <param name="lookup">What looks names up.</param>
    /// <param name="endSessions">Ends all connections to a member, on all loops.</param>
    internal RoutePool(
        SelectLoop loop, RouteSettings route, ILogger logger, NameLookup lookup, Action<PoolMember> endSessions)
    {
        _loop = loop;
        _route = route;
        _logger = logger;
        _endSessions = endSessions;
        _pool = new UpstreamPool(BuiltInPolicies.Create(route.Pool), route.Pool.Passive, route.Pool.TriesWhenAllOut);
        _names = new PoolSources(loop, lookup, OnLookedUp);
        _checks = new PoolChecks(loop, OnChecked);
        _waiting = new RequestQueue(loop, this, Serve);
        _events = new HealthEvents(logger);
        NoteWhetherPolicyLooks();
    }

    /// <summary>The name of its route.</summary>
    internal string Name => _route.Name;

    /// <summary>Whether a client who came now would get an upstream, or wait for one.</summary>
    internal bool HasUpstream => _pool.HasAny(_loop.Now) || _pool.TriesWhenAllOut;

    /// <summary>Its members now.</summary>
    internal IReadOnlyList<PoolMember> Members => _pool.Members;

    /// <summary>Its upstreams, for any thread. Their figures are not quite of one moment.</summary>
    internal KnownUpstreams Known => _known;

    /// <summary>How many clients wait in the queue. Any thread.</summary>
    internal int Queued => _waiting.Queued;

    /// <summary>Begins to look names up and to check upstreams.</summary>
    internal void Start()
    {
        _names.Use(_route);
        UseMembers();
    }

    /// <summary>Takes new settings. Members that stay keep their health and their connections.</summary>
    /// <param name="route">The settings.</param>
    /// <param name="policy">A new policy; null keeps the one that it has.</param>
    internal void Use(RouteSettings route, IBalancingPolicy? policy)
    {
        _route = route;
        _pool.Configure(policy ?? _pool.Policy, route.Pool.Passive, route.Pool.TriesWhenAllOut);
        NoteWhetherPolicyLooks();
        Start();
    }

    /// <summary>Looks up and checks no more; serves on.</summary>
    internal void Stop()
    {
        _names.Stop();
        _checks.Stop();
    }

    /// <summary>A request of a client on <paramref name="caller"/>. Any loop.</summary>
    internal UpstreamRequest CreateRequest(ConnectSequence asker, SelectLoop caller, Socket client) =>
        new(asker, caller, _loop, _anybody ?? new ClientInfo(_route.Name, ClientAddress.Of(client)));

    /// <summary>Asks for an upstream, or for another one. Any loop; the answer may be told before this returns.</summary>
    internal void Ask(UpstreamRequest request, SelectLoop caller) =>
        Run(caller, request, static (pool, request) => pool.Serve(request));

    /// <summary>The same, and those that were tried in vain may be given again. Any loop.</summary>
    internal void AskAnew(UpstreamRequest request, SelectLoop caller) => Run(caller, request, static (pool, request) =>
    {
        request.ForgetTried();
        pool.Serve(request);
    });

    /// <summary>Gives a request up, and the place that it may have. Any loop.</summary>
    internal void Leave(UpstreamRequest request, SelectLoop caller) =>
        Run(caller, request, static (pool, request) => pool.OnLeft(request));

    /// <summary>The upstream that was given could not be connected to. Any loop.</summary>
    internal void ReportFailed(UpstreamRequest request, SelectLoop caller, string cause) =>
        Run(caller, (request, cause), static (pool, failed) => pool.OnFailed(failed.request, failed.cause));

    /// <summary>
    /// <paramref name="member"/>, which was given, is connected. The place is kept until <see cref="Release"/>. Any loop.
    /// </summary>
    internal void ReportConnected(PoolMember member, SelectLoop caller) =>
        Run(caller, member, static (pool, member) => pool.OnConnected(member));

    /// <summary>The connection to <paramref name="member"/> has ended. Any loop.</summary>
    internal void Release(PoolMember member, SelectLoop caller) =>
        Run(caller, member, static (pool, member) => pool.OnReleased(member));

    void ILoopMember.Fault(Exception exception) => _logger.LoopFault(exception);

    private void NoteWhetherPolicyLooks() =>
        _anybody = BuiltInPolicies.LooksAtClient(_pool.Policy) ? null : new ClientInfo(_route.Name, address: null);

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

    private void Serve(UpstreamRequest request)
    {
        try
        {
            Answer(request);
        }
        catch (Exception exception)
        {
            // A policy of the user's threw: that concerns the one whom it was to choose for.
            _waiting.Leave(request);
            request.Fault(exception);
        }
    }

    private void Answer(UpstreamRequest request)
    {
        switch (_pool.TryTake(request.Client, request.Tried, _loop.Now, out PoolMember member))
        {
            case PoolAnswer.Taken:
                _waiting.Leave(request);
                request.Grant(member, _pool.CountOthers(member, request.Tried, _loop.Now));
                break;
            case PoolAnswer.Busy:
                WaitInQueue(request);
                break;
            case PoolAnswer.None when _pool.Members.Count == 0:
                WaitForNames(request);
                break;
            case PoolAnswer.None when request.Tried.Count > 0 && HasUpstream:
                _waiting.Leave(request);
                request.TellAllTried();
                break;
            case PoolAnswer.None:
                if (request.Tried.Count == 0)
                {
                    _events.LogNoneHealthy(_route.Name);
                }

                Refuse(request, EndReason.NoUpstream, "no upstream is healthy");
                break;
        }
    }

    private void WaitInQueue(UpstreamRequest request)
    {
        if (request.WaitsAs == ConnectionPhase.Queued)
        {
            return;
        }

        if (_waiting.Queued >= _route.Pool.QueueLimit)
        {
            Refuse(request, EndReason.QueueFull, "all upstreams are at their maximum, and the queue is full");
            return;
        }

        _waiting.Enter(request, ConnectionPhase.Queued);
    }

    private void WaitForNames(UpstreamRequest request)
    {
        _names.RefreshAll();
        if (!_names.IsAsking)
        {
            Refuse(request, EndReason.ResolveFailed, _names.LookupErrors);
        }
        else if (request.WaitsAs is null)
        {
            _waiting.Enter(request, ConnectionPhase.Resolving);
        }
    }

    private void Refuse(UpstreamRequest request, EndReason reason, string cause)
    {
        _waiting.Leave(request);
        request.Refuse(reason, cause);
    }

    private void OnConnected(PoolMember member) => Note(member, UpstreamPool.ReportConnected(member), cause: null);

    private void OnFailed(UpstreamRequest request, string cause)
    {
        PoolMember member = request.TakeBackFailed();
        Note(member, _pool.ReportFailed(member, _loop.Now), cause);
        _names.Refresh(member);
        OnReleased(member);
    }

    private void OnLeft(UpstreamRequest request)
    {
        _waiting.Leave(request);
        if (request.TakeBack() is { } member)
        {
            member.Health.OnNotTried();
            OnReleased(member);
        }
    }

    private void OnReleased(PoolMember member)
    {
        if (_pool.Release(member))
        {
            Publish();
        }

        _waiting.ServeSoon();
    }

    private void OnChecked(PoolMember member, CheckResult result)
    {
        _events.LogCheck(_route.Name, member, result, _loop.Now);
        if (result.Outcome == CheckOutcome.NotMade)
        {
            return;
        }

        HealthCheckSettings settings = _route.Pool.Check!;
        HealthChange change = member.Health.OnChecked(result.Outcome == CheckOutcome.Succeeded, settings.Rise, settings.Fall);
        Note(member, change, result.Cause);
        if (change == HealthChange.WentDown && settings.EndsSessions)
        {
            _endSessions(member);
        }
    }

    private void Note(PoolMember member, HealthChange change, string? cause)
    {
        if (change != HealthChange.None)
        {
            _events.LogChange(_route.Name, member, change, cause, _loop.Now);
            _waiting.ServeSoon();
        }
    }

    private void OnLookedUp(UpstreamSource source)
    {
        _events.LogLookup(_route.Name, source);
        UseMembers();
    }

    private void Publish() => _known = KnownUpstreams.Of(_pool, _names.Unresolved());

    private void UseMembers()
    {
        _pool.Reconcile([.. _names.Members()]);
        Publish();
        _checks.Use(_pool.Members, _route);
        _waiting.ServeSoon();
    }
}
