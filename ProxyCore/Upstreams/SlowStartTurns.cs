namespace ProxyCore.Upstreams;

/// <summary>
/// Which of the choices of a pool go to upstreams that start slowly: exactly the share that their weights, as far as they have
/// grown, have of all. Belongs to the thread of the pool.
/// </summary>
/// <remarks>
/// To scale the weights instead is not enough: least connections does not look at weights while nothing runs, and gives an
/// upstream without connections all of them while the others are busy. So such an upstream saves up its share of each choice,
/// is chosen when it has saved up a whole one, and takes part in no other choice.
/// </remarks>
internal static class SlowStartTurns
{
    /// <summary>
    /// The member whose turn it is; null for none: then those that start slowly are taken out of <paramref name="candidates"/>,
    /// unless all do.
    /// </summary>
    internal static PoolMember? Choose(List<PoolMember> candidates, TimeSpan now, TimeSpan length, bool goesByLoad)
    {
        double all = 0;
        int cold = 0;
        foreach (PoolMember member in candidates)
        {
            double part = member.WarmUp.PartAt(now, length);
            all += member.Weight * part;
            cold += part < 1 ? 1 : 0;
        }

        if (cold == 0 || cold == candidates.Count || all <= 0)
        {
            return null;
        }

        PoolMember? chosen = SaveUp(candidates, now, length, all);
        if (chosen is not null && (!goesByLoad || IsLeastBusy(chosen, candidates)))
        {
            chosen.WarmUp.Credit--;
            return chosen;
        }

        candidates.RemoveAll(member => member.WarmUp.PartAt(now, length) < 1);
        return null;
    }

    private static PoolMember? SaveUp(List<PoolMember> candidates, TimeSpan now, TimeSpan length, double all)
    {
        PoolMember? richest = null;
        foreach (PoolMember member in candidates)
        {
            double part = member.WarmUp.PartAt(now, length);
            if (part >= 1)
            {
                continue;
            }

            // More than one turn is not saved up, or an upstream that was full for a time would get a burst.
            member.WarmUp.Credit = Math.Min(member.WarmUp.Credit + (member.Weight * part / all), 2);
            if (member.WarmUp.Credit >= 1 && member.WarmUp.Credit > (richest?.WarmUp.Credit ?? 0))
            {
                richest = member;
            }
        }

        return richest;
    }

    private static bool IsLeastBusy(PoolMember one, List<PoolMember> candidates) =>
        !candidates.Exists(other => Load.Compare(other.Upstream, one.Upstream) < 0);
}
