using ProxyCore.Settings;

namespace ProxyCore.Upstreams;

/// <summary>The policies that are built in, by name.</summary>
internal static class BuiltInPolicies
{
    /// <summary>A new policy for a pool: the user's own where the settings have one, else the built-in one of that name.</summary>
    internal static IBalancingPolicy Create(PoolSettings pool) => pool is { OwnPolicy: null, Balancing: BalancingNames.ClientHash }
        ? new ClientHash(pool.HashBy, pool.HashTlv ?? 0)
        : (pool.OwnPolicy ?? All[pool.Balancing])();

    internal static IReadOnlyDictionary<string, Func<IBalancingPolicy>> All { get; } = new Dictionary<string, Func<IBalancingPolicy>>
    {
        [BalancingNames.RoundRobin] = static () => new RoundRobin(),
        [BalancingNames.LeastConnections] = static () => new LeastConnections(),
        [BalancingNames.RandomOfTwo] = static () => new RandomOfTwo(Random.Shared),
        [BalancingNames.ClientHash] = static () => new ClientHash(),
        [BalancingNames.FirstAvailable] = static () => new FirstAvailable(),
    };

    /// <summary>
    /// Whether the policy may look at <see cref="ClientInfo.Address"/>, which costs a system call for each client.
    /// </summary>
    internal static bool LooksAtClient(IBalancingPolicy policy) =>
        policy is not (RoundRobin or LeastConnections or RandomOfTwo or FirstAvailable);

    /// <summary>Whether the policy is none of the user's own.</summary>
    internal static bool IsBuiltIn(IBalancingPolicy policy) => policy is ClientHash || !LooksAtClient(policy);
}
