using ProxyCore;

namespace CustomBalancing;

/// <summary>
/// Everybody to the first upstream until it has enough connections, then to the next: so that those behind may sleep.
/// When all have enough, the one with the fewest.
/// </summary>
/// <param name="enough">How many connections are enough for an upstream.</param>
public sealed class FillFirst(int enough) : IBalancingPolicy
{
    public Upstream Choose(IReadOnlyList<Upstream> candidates, ClientInfo client) =>
        candidates.FirstOrDefault(upstream => upstream.Connections < enough)
        ?? candidates.MinBy(static upstream => upstream.Connections)!;
}
