namespace ProxyCore.Upstreams;

/// <summary>The least busy: see <see cref="BalancingNames.LeastConnections"/>.</summary>
/// <remarks>
/// Upstreams that are equally busy take turns among themselves, as in nginx. A turn that counted the busier ones too
/// would give the upstream after a busy one twice its share.
/// </remarks>
internal sealed class LeastConnections : IBalancingPolicy
{
    private readonly RoundRobin _turns = new();
    private readonly List<Upstream> _equals = [];

    public Upstream Choose(IReadOnlyList<Upstream> candidates, ClientInfo client)
    {
        _equals.Clear();
        for (int i = 0; i < candidates.Count; i++)
        {
            int order = _equals.Count == 0 ? 0 : Load.Compare(candidates[i], _equals[0]);
            if (order < 0)
            {
                _equals.Clear();
            }

            if (order <= 0)
            {
                _equals.Add(candidates[i]);
            }
        }

        return _equals.Count == 1 ? _equals[0] : _turns.Choose(_equals, client);
    }
}
