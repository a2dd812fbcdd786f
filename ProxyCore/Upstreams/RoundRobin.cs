namespace ProxyCore.Upstreams;

/// <summary>Smooth weighted round-robin: see <see cref="BalancingNames.RoundRobin"/>.</summary>
/// <remarks>
/// Each choice gives every candidate credit by its weight, takes the one with the most, and subtracts from it all that was
/// given. So with weights 5, 1 and 1 the order is a a b a c a a: no upstream gets its share all at once (nginx, commit 52327e0627).
/// </remarks>
internal sealed class RoundRobin : IBalancingPolicy
{
    private const int MostStrangers = 64;

    private readonly Dictionary<Upstream, long> _credit = [];

    public Upstream Choose(IReadOnlyList<Upstream> candidates, ClientInfo client)
    {
        Upstream richest = candidates[0];
        long most = long.MinValue;
        long given = 0;
        foreach (Upstream upstream in candidates)
        {
            long credit = _credit.GetValueOrDefault(upstream) + upstream.Weight;
            _credit[upstream] = credit;
            given += upstream.Weight;
            if (credit > most)
            {
                most = credit;
                richest = upstream;
            }
        }

        _credit[richest] = most - given;
        ForgetStrangers(candidates);
        return richest;
    }

    /// <summary>Forgets upstreams that reloads and look-ups have removed, once there are many.</summary>
    private void ForgetStrangers(IReadOnlyList<Upstream> candidates)
    {
        if (_credit.Count <= candidates.Count + MostStrangers)
        {
            return;
        }

        foreach (Upstream stranger in _credit.Keys.Except(candidates).ToArray())
        {
            _credit.Remove(stranger);
        }
    }
}
