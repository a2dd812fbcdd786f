namespace ProxyCore.Upstreams;

/// <summary>Chooses the member of a pool that gets the next connection: by rank, health and maximum, then by the pool's policy.</summary>
/// <remarks>Belongs to the thread of its pool.</remarks>
/// <param name="pool">The pool.</param>
/// <param name="members">Its members, which only the pool changes. A list, because walking one allocates nothing.</param>
internal sealed class MemberChoice(UpstreamPool pool, List<PoolMember> members)
{
    private readonly List<PoolMember> _choosable = [];
    private readonly List<Upstream> _candidates = [];

    // Which of the members come first: nearly always one rank, or two with backups.
    private readonly List<(bool IsBackup, int PriorityGroup)> _ranks = [];

    /// <summary>The members of the pool, or their settings, have changed.</summary>
    internal void UseMembers()
    {
        _ranks.Clear();
        _ranks.AddRange(members.Select(static member => RankOf(member.Settings)).Distinct().Order());
    }

    /// <summary>Chooses one, of which a slot is to be taken.</summary>
    /// <param name="client">The client that asks.</param>
    /// <param name="tried">The members that this round has tried already: none of them is given.</param>
    /// <param name="now">The time.</param>
    /// <param name="member">The member, when the answer is <see cref="PoolAnswer.Taken"/>.</param>
    internal PoolAnswer TryChoose(ClientInfo client, IReadOnlyList<PoolMember> tried, TimeSpan now, out PoolMember member)
    {
        var answer = PoolAnswer.None;
        for (int i = 0; i < _ranks.Count && answer == PoolAnswer.None; i++)
        {
            answer = Collect(_ranks[i], tried, now);
        }

        if (answer == PoolAnswer.None)
        {
            answer = CollectLeastBad(tried, now);
        }

        member = answer == PoolAnswer.Taken ? Choose(client, now) : null!;
        return answer;
    }

    private static bool IsEligible(PoolMember member, IReadOnlyList<PoolMember> tried) =>
        member.IsInService && (tried.Count == 0 || !tried.Contains(member));

    private static (bool IsBackup, int PriorityGroup) RankOf(MemberSettings settings) => (settings.IsBackup, settings.PriorityGroup);

    /// <summary>Finds the members of one rank that may get a connection.</summary>
    private PoolAnswer Collect((bool IsBackup, int PriorityGroup) rank, IReadOnlyList<PoolMember> tried, TimeSpan now)
    {
        var answer = PoolAnswer.None;
        _choosable.Clear();
        foreach (PoolMember member in members)
        {
            bool isOfRank = _ranks.Count == 1 || RankOf(member.Settings) == rank;
            if (!isOfRank || !IsEligible(member, tried) || !member.Health.MayTake(now))
            {
                continue;
            }

            if (member.HasRoom(now, pool.SlowStart))
            {
                _choosable.Add(member);
            }

            answer = _choosable.Count > 0 ? PoolAnswer.Taken : PoolAnswer.Busy;
        }

        return answer;
    }

    /// <summary>
    /// With none healthy, finds the member whose time out ends first; those that are down come last, if they are tried.
    /// </summary>
    private PoolAnswer CollectLeastBad(IReadOnlyList<PoolMember> tried, TimeSpan now)
    {
        PoolMember[] candidates = [.. members.Where(member => pool.MayBeTried(member) && !tried.Contains(member))];
        PoolMember? leastBad = candidates
            .Where(member => member.HasRoom(now, pool.SlowStart))
            .OrderBy(static member => member.Health.State == UpstreamState.Down)
            .ThenBy(static member => member.Health.OutUntil)
            .FirstOrDefault();
        _choosable.Clear();
        if (leastBad is null)
        {
            return candidates.Length > 0 ? PoolAnswer.Busy : PoolAnswer.None;
        }

        _choosable.Add(leastBad);
        return PoolAnswer.Taken;
    }

    private PoolMember Choose(ClientInfo client, TimeSpan now)
    {
        if (pool.SlowStart > TimeSpan.Zero && SlowStartTurn(now) is { } cold)
        {
            return cold;
        }

        if (_choosable.Count == 1)
        {
            return _choosable[0];
        }

        _candidates.Clear();
        foreach (PoolMember member in _choosable)
        {
            member.Upstream.Share = pool.SlowStart > TimeSpan.Zero ? member.Weight * member.WarmUp.PartAt(now, pool.SlowStart) : member.Weight;
            _candidates.Add(member.Upstream);
        }

        return MemberOf(pool.Policy.Choose(_candidates, client));
    }

    private PoolMember MemberOf(Upstream chosen)
    {
        foreach (PoolMember member in _choosable)
        {
            if (member.Upstream == chosen)
            {
                return member;
            }
        }

        throw new InvalidOperationException($"{pool.Policy.GetType()} chose '{chosen}', which is none of the upstreams that it was given.");
    }

    /// <summary>The member that starts slowly and has its turn. Policies that do not choose by weights know no slow start.</summary>
    private PoolMember? SlowStartTurn(TimeSpan now) =>
        pool.Policy is RoundRobin or LeastConnections or RandomOfTwo && _choosable.Count > 1
            ? SlowStartTurns.Choose(_choosable, now, pool.SlowStart, goesByLoad: pool.Policy is LeastConnections or RandomOfTwo)
            : null;
}
