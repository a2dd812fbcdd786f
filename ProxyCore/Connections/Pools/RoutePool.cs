using Microsoft.Extensions.Logging;
using ProxyCore.Connections.Encrypting;
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
internal sealed partial class RoutePool : ILoopMember, IUpstreamListener
{
    private readonly SelectLoop _loop;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<PoolMember, EndReason> _endSessions;
    private readonly UpstreamPool _pool;
    private readonly PoolSources _names;
    private readonly PoolChecks _checks;
    private readonly RequestQueue _queue;
    private readonly HealthEvents _events;
    private readonly SlowStarts _slowStarts;
    private readonly PoolByHand _byHand;
    private readonly RouteRetries _retries;
    private RouteSettings _route;
    private bool _isLeaving;
    private bool _hasMembers;

    private volatile KnownUpstreams _known = new([], []);

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
        _slowStarts = new SlowStarts(loop, this, _pool, _queue.ServeSoon);
        _byHand = new PoolByHand(_pool, _slowStarts, logger, endSessions);
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

    /// <summary>Whether an operator has set something of an upstream. Any thread.</summary>
    internal bool IsSetByHand => _known.Members.Any(static member => member.ByHand is not null);

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
        _byHand.LogContradictions(route.Name);
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

        _byHand.Apply(source, change, time, _route.Name);

        _checks.Use(_pool.Members, _route);
        Publish();
        if (change.EndConnections)
        {
            _byHand.EndSessionsOf(change.Upstream);
        }

        _queue.ServeSoon();
        return true;
    }

    /// <summary>Resolves names and checks upstreams no more.</summary>
    internal void Stop()
    {
        _names.Stop();
        _checks.Stop();
        _slowStarts.Stop();
    }

    /// <summary>Does so when no client waits any more: those that wait may need a name, or a check that succeeds.</summary>
    internal void StopWhenUnused()
    {
        _isLeaving = true;
        StopIfUnused();
    }

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
            _slowStarts.Begin(member);
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
        bool startSlowly = _hasMembers && _pool.SlowStart > TimeSpan.Zero;
        HashSet<PoolMember> before = startSlowly ? [.. _pool.Members] : [];
        _pool.Reconcile([.. _names.Members()]);
        foreach (PoolMember added in startSlowly ? _pool.Members.Where(member => !before.Contains(member)) : [])
        {
            _slowStarts.Begin(added);
        }

        _hasMembers |= _pool.Members.Count > 0;
        Publish();
        _checks.Use(_pool.Members, _route);
        _queue.ServeSoon();
    }
}
