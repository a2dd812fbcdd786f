using ProxyCore.Settings;

namespace ProxyCore.Upstreams;

/// <summary>
/// The upstreams of a route. It chooses one for each connection, by health, maximum, rank and balancing.
/// </summary>
/// <remarks>It knows no sockets, no loop and no clock. Belongs to one thread.</remarks>
internal sealed class UpstreamPool
{
    private readonly List<PoolMember> _members = [];
    private readonly List<PoolMember> _draining = [];
    private readonly MemberChoice _choice;
    private readonly int _loops;

    /// <param name="policy">Chooses among those that may get a connection.</param>
    /// <param name="passive">When failed connects take a member out.</param>
    /// <param name="triesWhenAllOut">Whether members that checks have found down are tried when no other is left.</param>
    /// <param name="slowStart">How long the slow start of a member takes; zero for none.</param>
    /// <param name="loops">How many loops the proxy has.</param>
    internal UpstreamPool(
        IBalancingPolicy policy, PassiveHealthSettings passive, bool triesWhenAllOut, TimeSpan slowStart = default, int loops = 1)
    {
        _loops = loops;
        _choice = new MemberChoice(this, _members);
        Configure(policy, passive, triesWhenAllOut, slowStart);
    }

    /// <summary>Its members, in the order of the configuration.</summary>
    internal IReadOnlyList<PoolMember> Members => _members;

    /// <summary>Former members that still have connections. They get no new ones.</summary>
    internal IReadOnlyList<PoolMember> Draining => _draining;

    internal IBalancingPolicy Policy { get; private set; } = null!;

    internal PassiveHealthSettings Passive { get; private set; } = null!;

    internal bool TriesWhenAllOut { get; private set; }

    /// <summary>How long the slow start of a member takes; zero for none.</summary>
    internal TimeSpan SlowStart { get; private set; }

    /// <summary>What was set by hand.</summary>
    internal HandSettings ByHand { get; } = new();

    /// <summary>Changes how it chooses; its members stay as they are.</summary>
    internal void Configure(IBalancingPolicy policy, PassiveHealthSettings passive, bool triesWhenAllOut, TimeSpan slowStart = default)
    {
        SlowStart = slowStart;
        Policy = policy;
        Passive = passive;
        TriesWhenAllOut = triesWhenAllOut;
    }

    /// <summary>
    /// Makes <paramref name="wanted"/> its members. A member that was one before keeps its health and its connections; a
    /// member that is not wanted any more drains.
    /// </summary>
    /// <remarks>
    /// A member is known by its address until its last connection has ended. So an upstream that leaves and comes back has
    /// its connections counted against its maximum all the time.
    /// </remarks>
    internal void Reconcile(IReadOnlyList<MemberSettings> wanted)
    {
        Dictionary<string, PoolMember> before = _members.Concat(_draining).ToDictionary(static member => member.Address);
        _members.Clear();
        _draining.Clear();
        foreach (MemberSettings settings in wanted)
        {
            if (before.Remove(settings.Address, out PoolMember? member))
            {
                member.Update(settings);
            }

            member ??= new PoolMember(settings, _loops);
            member.Use(ByHand.For(settings));
            _members.Add(member);
        }

        _choice.UseMembers();
        foreach (PoolMember former in before.Values.Where(static member => member.Upstream.Connections > 0))
        {
            former.IsDraining = true;
            _draining.Add(former);
        }
    }

    /// <summary>Uses what was set by hand, in all members; returns those whose setting has changed.</summary>
    internal IReadOnlyList<(PoolMember Member, HandSetting? Before)> UseByHand()
    {
        var changed = new List<(PoolMember, HandSetting?)>();
        foreach (PoolMember member in _members)
        {
            HandSetting? before = member.ByHand;
            member.Use(ByHand.For(member.Settings));
            if (before != member.ByHand)
            {
                changed.Add((member, before));
            }
        }

        return changed;
    }

    /// <summary>Whether a member is in its slow start at <paramref name="now"/>.</summary>
    internal bool IsWarmingUp(TimeSpan now) => _members.Exists(member => member.WarmUp.PartAt(now, SlowStart) < 1);

    /// <summary>Whether an operator has drained or disabled all members that have a weight.</summary>
    internal bool IsHeldByHand => _members.Exists(static member => member is { Administration: not UpstreamAdministration.Ready, Weight: > 0 })
        && !_members.Exists(static member => member.IsInService);

    /// <summary>Takes a slot at a member; <see cref="Release"/> gives it back.</summary>
    /// <param name="client">The client that asks.</param>
    /// <param name="tried">The members that this round has tried already: none of them is given.</param>
    /// <param name="now">The time.</param>
    /// <param name="member">The member, when the answer is <see cref="PoolAnswer.Taken"/>.</param>
    internal PoolAnswer TryTake(ClientInfo client, IReadOnlyList<PoolMember> tried, TimeSpan now, out PoolMember member)
    {
        PoolAnswer answer = _choice.TryChoose(client, tried, now, out member);
        if (answer == PoolAnswer.Taken)
        {
            member.Upstream.Connections++;
            member.Health.OnTaken();
        }

        return answer;
    }

    /// <summary>How many members this round may still try after <paramref name="member"/>, full ones included.</summary>
    internal int CountOthers(PoolMember member, IReadOnlyList<PoolMember> tried)
    {
        int others = 0;
        foreach (PoolMember other in _members)
        {
            others += other != member && MayBeTried(other) && !tried.Contains(other) ? 1 : 0;
        }

        return others;
    }

    /// <summary>Whether a new round would find a member to try.</summary>
    internal bool HasAnyToTry => _members.Exists(MayBeTried);

    /// <summary>Whether a member is healthy at <paramref name="now"/>, or on trial.</summary>
    internal bool HasAny(TimeSpan now) => _members.Exists(member => member.IsInService
        && (member.Health.MayTake(now) || member.Health.State == UpstreamState.OnTrial));

    /// <summary>The connect succeeded.</summary>
    internal static HealthChange ReportConnected(PoolMember member)
    {
        member.Connected++;
        return member.Health.OnConnected();
    }

    /// <summary>The connect failed. The slot is still to be given back.</summary>
    internal HealthChange ReportFailed(PoolMember member, TimeSpan now)
    {
        member.Failed++;
        return member.Health.OnConnectFailed(now, MayBeOut(member) ? Passive : null);
    }

    /// <summary>A connection to <paramref name="member"/> has ended. Returns whether it was the last one of a member that drains.</summary>
    internal bool Release(PoolMember member)
    {
        member.Upstream.Connections--;
        return member is { IsDraining: true, Upstream.Connections: 0 } && _draining.Remove(member);
    }

    /// <summary>Whether <paramref name="member"/> may be tried when no healthy one is left.</summary>
    /// <remarks>Failed connects say that a member was away a moment ago. Checks that fail say that it is away.</remarks>
    internal bool MayBeTried(PoolMember member) =>
        member.IsInService && (TriesWhenAllOut || member.Health.State != UpstreamState.Down);

    /// <summary>Whether failed connects may take a member out, or, when it is out, keep it there.</summary>
    private bool MayBeOut(PoolMember member)
    {
        if (_members.Count <= 1)
        {
            return false;
        }

        if (Passive.MaxOutShare is not { } share || member.Health.State != UpstreamState.Up)
        {
            return true;
        }

        int inService = 0;
        int notUp = 0;
        foreach (PoolMember one in _members)
        {
            inService += one.IsInService ? 1 : 0;
            notUp += one.IsInService && one.Health.State != UpstreamState.Up ? 1 : 0;
        }

        long most = Math.Max(1, Shares.Of(share, inService));
        return notUp < Math.Min(most, inService - 1);
    }
}
