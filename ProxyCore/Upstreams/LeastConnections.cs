namespace ProxyCore.Upstreams;

/// <summary>The least busy: see <see cref="BalancingNames.LeastConnections"/>.</summary>
internal sealed class LeastConnections : IBalancingPolicy
{
    private uint _turn;

    public Upstream Choose(IReadOnlyList<Upstream> candidates, ClientInfo client)
    {
        // Among equals whoever comes first wins, so each choice begins with another.
        int start = (int)(_turn++ % (uint)candidates.Count);
        Upstream least = candidates[start];
        for (int i = 1; i < candidates.Count; i++)
        {
            Upstream upstream = candidates[(start + i) % candidates.Count];
            if (Load.Compare(upstream, least) < 0)
            {
                least = upstream;
            }
        }

        return least;
    }
}
