using System.Globalization;
using Microsoft.Extensions.Logging;
using ProxyCore.Connections.Encrypting;
using ProxyCore.Connections.Sockets;
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
internal sealed class RoutePool : ILoopMember, IUpstreamListener
{
    // A hundredth of the share is less than anybody notices.
    private const int WarmUpSteps = 100;
    private static readonly TimeSpan _shortestWarmUpStep = TimeSpan.FromMilliseconds(10);

    // Caches of an upstream that was drained for less are still warm.
    private static readonly TimeSpan _longDrain = TimeSpan.FromMinutes(1);

    private readonly SelectLoop _loop;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<PoolMember, EndReason> _endSessions;
    private readonly UpstreamPool _pool;
    private readonly PoolSources _names;
    private readonly PoolChecks _checks;
    private readonly RequestQueue _queue;
    private readonly HealthEvents _events;
    private readonly CallbackTimer _warmUp;
    private readonly RouteRetries _retries;
    private RouteSettings _route;
    private bool _isLeaving;
    private bool _hasMembers;

    private volatile KnownUpstreams _known = new([], []);

    // Stands for every client where the policy does not look at where it is; null where it does. Any thread.
    private volatile ClientInfo? _anybody;

    // A built-in policy does not ask for the local endpoint, which costs a system call a client. Any thread.
    private volatile bool _hasOwnPolicy;

    /// <param name="loop">The proxy's first loop.</param>
    /// <param name="loops">How many it has.</param>
    /// <param name="time">The clock for those who look at what happens.</param>
    /// <param name="route">What is configured.</param>
    /// <param name="logger">Where it logs.</param>
    /// <param name="lookup">What looks names up.</param>
    /// <param name="tls">The TLS of that loop.</param>
    /// <param name="endSessions">Ends all connections to a member, on all loops.</param>
    /// <param name="stateChanged">Called when the health of a member has changed.</param>
    internal RoutePool(
        SelectLoop loop,
        int loops,
        TimeProvider time,
        RouteSettings route,
        ILogger logger,
        NameLookup lookup,
        LoopTls tls,
        Action<PoolMember, EndReason> endSessions,
        Action<UpstreamReport> stateChanged)
    {
        _loop = loop;
        _time = time;
        _route = route;
        _logger = logger;
        _endSessions = endSessions;
        _pool = new UpstreamPool(BuiltInPolicies.Create(route.Pool), route.Pool.Passive, route.Pool.TriesWhenAllOut, route.Pool.SlowStart, loops);
        _names = new PoolSources(loop, lookup, tls, this);
        _checks = new PoolChecks(loop, tls, OnChecked);
        _queue = new RequestQueue(loop, this, Serve);
        _events = new HealthEvents(logger, time, stateChanged);
        _warmUp = new CallbackTimer(this, OnWarmer);
        _retries = new RouteRetries(logger);
        _retries.Use(route.Pool.RetryBudget);
        NoteWhetherPolicyLooks();
    }

    /// <summary>The name of its route.</summary>
    internal string Name => _route.Name;

    /// <summary>Whether a client who came now would get an upstream, or wait for one.</summary>
    internal bool HasUpstream => _pool.HasAny(_loop.Now) || (_pool.TriesWhenAllOut && !_pool.IsHeldByHand);

    /// <summary>Its members now.</summary>
    internal IReadOnlyList<PoolMember> Members => _pool.Members;

    /// <summary>Its upstreams, for any thread. Their figures are not quite of one moment.</summary>
    internal KnownUpstreams Known => _known;

    /// <summary>How many clients wait in the queue. Any thread.</summary>
    internal int Queued => _queue.Queued;

    /// <summary>Whether a client has a connection or waits for one. Any thread; a client that comes meanwhile is not counted.</summary>
    internal bool IsInUse => _known.HasConnections || !_queue.IsEmpty;

    /// <summary>Begins to look names up and to check upstreams.</summary>
    internal void Start()
    {
        _isLeaving = false;
        _names.Use(_route);
        UseMembers();
    }

    /// <summary>Takes new settings. Members that stay keep their health and their connections.</summary>
    /// <param name="route">The settings.</param>
    /// <param name="policy">A new policy; null keeps the one that it has.</param>
    internal void Use(RouteSettings route, IBalancingPolicy? policy)
    {
        _route = route;
        _pool.Configure(policy ?? _pool.Policy, route.Pool.Passive, route.Pool.TriesWhenAllOut, route.Pool.SlowStart);
        _retries.Use(route.Pool.RetryBudget);
        _pool.ByHand.Keep([.. route.Pool.Upstreams.Select(static one => one.Endpoint.ToString())]);
        NoteWhetherPolicyLooks();
        Start();
        foreach (PoolMember member in _pool.Members)
        {
            LogContradictions(member);
        }
    }

    /// <summary>Changes what is set by hand of an upstream, or of an address of one; false when there is no such upstream.</summary>
    /// <param name="change">The change, with the upstream.</param>
    /// <param name="time">The time, for those who look at it.</param>
    /// <param name="unlessSet">Whether nothing is done where it is set so already.</param>
    internal bool TryChange(UpstreamChange change, DateTimeOffset time, bool unlessSet)
    {
        string? source = _names.SourceOf(change.Upstream);
        if (source is null)
        {
            return false;
        }

        if (unlessSet && !change.EndConnections && _pool.ByHand.Has(change))
        {
            return true;
        }

        _pool.ByHand.Apply(source, change, time);
        foreach ((PoolMember member, HandSetting? before) in _pool.UseByHand())
        {
            OnSetByHand(member, before, time);
        }

        _checks.Use(_pool.Members, _route);
        Publish();
        if (change.EndConnections)
        {
            EndSessionsOf(change.Upstream);
        }

        _queue.ServeSoon();
        return true;
    }

    /// <summary>Resolves names and checks upstreams no more.</summary>
    internal void Stop()
    {
        _names.Stop();
        _checks.Stop();
        _loop.Cancel(_warmUp);
    }

    /// <summary>Does so when no client waits any more: those that wait may need a name, or a check that succeeds.</summary>
    internal void StopWhenUnused()
    {
        _isLeaving = true;
        StopIfUnused();
    }

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

    void ILoopMember.Fault(Exception exception) => _logger.LoopFault(exception);

    void IUpstreamListener.OnLookedUp(LookupResult result)
    {
        _events.LogLookup(_route.Name, result);
        UseMembers();
    }

    void IUpstreamListener.OnFound(string upstream, FoundServers? before, FoundServers servers)
    {
        UseMembers();
        _events.LogFound(_route.Name, upstream, before, servers);
    }

    void IUpstreamListener.OnMembersChanged() => UseMembers();

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

    private void OnConnected(PoolMember member)
    {
        member.NoteConnected(_loop.SharedNow);
        Note(member, UpstreamPool.ReportConnected(member), cause: null);
    }

    private void OnFailed(UpstreamRequest request, string cause, bool isLocal)
    {
        PoolMember member = request.ReleaseTried();
        if (isLocal)
        {
            member.Health.OnNotTried();
        }
        else
        {
            member.NoteFailed(_time.GetUtcNow(), cause);
            Note(member, _pool.ReportFailed(member, _loop.Now), cause);
            _names.Refresh(member);
        }

        OnReleased(member);
    }

    private void OnWithdrawn(UpstreamRequest request)
    {
        Dequeue(request);
        if (request.Release() is { } member)
        {
            member.Health.OnNotTried();
            OnReleased(member);
        }
    }

    private void Dequeue(UpstreamRequest request)
    {
        _queue.Remove(request);
        StopIfUnused();
    }

    private void StopIfUnused()
    {
        if (_isLeaving && _queue.IsEmpty)
        {
            Stop();
        }
    }

    private void OnReleased(PoolMember member)
    {
        if (_pool.Release(member))
        {
            Publish();
        }

        _queue.ServeSoon();
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
        if (change == HealthChange.CameUp)
        {
            BeginWarmUp(member);
        }

        if (change == HealthChange.WentDown && settings.EndsSessions)
        {
            _endSessions(member, EndReason.UpstreamDown);
        }
    }

    private void Note(PoolMember member, HealthChange change, string? cause)
    {
        if (change != HealthChange.None)
        {
            _events.LogChange(_route.Name, member, change, cause, _loop.Now);
            _queue.ServeSoon();
        }
    }

    private void Publish() => _known = KnownUpstreams.Of(_pool, _names.Unresolved());

    private void UseMembers()
    {
        HashSet<PoolMember> before = [.. _pool.Members];
        _pool.Reconcile([.. _names.Members()]);
        foreach (PoolMember added in _hasMembers ? _pool.Members.Where(member => !before.Contains(member)) : [])
        {
            BeginWarmUp(added);
        }

        _hasMembers |= _pool.Members.Count > 0;
        Publish();
        _checks.Use(_pool.Members, _route);
        _queue.ServeSoon();
    }

    private void OnSetByHand(PoolMember member, HandSetting? before, DateTimeOffset time)
    {
        UpstreamAdministration was = before?.State ?? UpstreamAdministration.Ready;
        bool wasLong = was == UpstreamAdministration.Disabled || (was == UpstreamAdministration.Drain && time - before!.StateSince > _longDrain);
        if (member.Administration == UpstreamAdministration.Ready && wasLong)
        {
            BeginWarmUp(member);
        }

        _logger.SetByHand(_route.Name, member.Address, member.Administration, member.Weight, TextOf(member.MaxConnections));
    }

    /// <summary>What was set by hand stays over a change of the configuration. Where the two differ, that may be forgotten.</summary>
    private void LogContradictions(PoolMember member)
    {
        if (member.ByHand?.Weight is { } weight && weight != member.Settings.Weight)
        {
            _logger.HandSettingStays(_route.Name, member.Address, $"weight {weight}", $"weight {member.Settings.Weight}");
        }

        if (member.ByHand?.MaxConnections is { } most && most != member.Settings.MaxConnections)
        {
            _logger.HandSettingStays(_route.Name, member.Address, $"maximum {most}", $"maximum {TextOf(member.Settings.MaxConnections)}");
        }
    }

    private static string TextOf(int? maximum) => maximum is { } most ? most.ToString(CultureInfo.InvariantCulture) : "none";

    private void EndSessionsOf(string upstream)
    {
        foreach (PoolMember member in _pool.Members.Concat(_pool.Draining).Where(one => one.Address == upstream || one.Settings.Source == upstream))
        {
            _endSessions(member, EndReason.UpstreamCut);
        }
    }

    private void BeginWarmUp(PoolMember member)
    {
        if (_pool.SlowStart > TimeSpan.Zero)
        {
            member.WarmUp.Begin(_loop.Now);
            OnWarmer();
        }
    }

    /// <summary>The maximum of an upstream that starts slowly grows: those that wait may have room.</summary>
    private void OnWarmer()
    {
        _queue.ServeSoon();
        if (_pool.IsWarmingUp(_loop.Now))
        {
            TimeSpan step = _pool.SlowStart / WarmUpSteps;
            _loop.Arm(_warmUp, step > _shortestWarmUpStep ? step : _shortestWarmUpStep);
        }
    }
}
