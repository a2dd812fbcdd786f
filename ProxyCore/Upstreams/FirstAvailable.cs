namespace ProxyCore.Upstreams;

/// <summary>The first in order: see <see cref="BalancingNames.FirstAvailable"/>.</summary>
internal sealed class FirstAvailable : IBalancingPolicy
{
    public Upstream Choose(IReadOnlyList<Upstream> candidates, ClientInfo client) => candidates[0];
}
