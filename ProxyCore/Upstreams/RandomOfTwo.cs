namespace ProxyCore.Upstreams;

/// <summary>The less busy of two at random: see <see cref="BalancingNames.RandomOfTwo"/>.</summary>
/// <remarks>
/// Nearly as even as the least busy of all, but several proxies, each of which sees only its own connections, do not all
/// choose the same upstream (Mitzenmacher, "The power of two choices", 2001).
/// </remarks>
internal sealed class RandomOfTwo(Random random) : IBalancingPolicy
{
    public Upstream Choose(IReadOnlyList<Upstream> candidates, ClientInfo client)
    {
        Upstream one = Draw(candidates, except: null);
        Upstream two = Draw(candidates, except: one);
        return Load.Compare(two, one) < 0 ? two : one;
    }

    private Upstream Draw(IReadOnlyList<Upstream> candidates, Upstream? except)
    {
        long weights = candidates.Sum(static upstream => (long)upstream.Weight) - (except?.Weight ?? 0);
        long ticket = random.NextInt64(weights);
        foreach (Upstream upstream in candidates)
        {
            ticket -= upstream == except ? 0 : upstream.Weight;
            if (ticket < 0)
            {
                return upstream;
            }
        }

        throw new InvalidOperationException("A ticket is less than the sum of the weights, so it belongs to one of them.");
    }
}
