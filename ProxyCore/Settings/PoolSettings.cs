namespace ProxyCore.Settings;

/// <summary>What is configured of a route's upstreams. Immutable, safe for any thread.</summary>
/// <param name="Upstreams">At least one; no address twice.</param>
/// <param name="Balancing">The name of the balancing policy.</param>
/// <param name="OwnPolicy">Makes it, where it is not built in; null for a built-in one.</param>
/// <param name="Passive">When failed connects take an upstream out.</param>
/// <param name="Check">How upstreams are checked; null if they are not.</param>
/// <param name="TriesWhenAllOut">Whether the least bad is tried when none is healthy.</param>
/// <param name="QueueLimit">How many clients may wait.</param>
/// <param name="QueueTimeout">For how long.</param>
/// <param name="ResolveInterval">After how long names are looked up again.</param>
internal sealed record PoolSettings(
    ValueList<UpstreamSettings> Upstreams,
    string Balancing,
    Func<IBalancingPolicy>? OwnPolicy,
    PassiveHealthSettings Passive,
    HealthCheckSettings? Check,
    bool TriesWhenAllOut,
    int QueueLimit,
    TimeSpan QueueTimeout,
    TimeSpan ResolveInterval)
{
    /// <summary>How long an upstream takes to get its whole share again; zero for no slow start.</summary>
    internal TimeSpan SlowStart { get; init; }

    /// <summary>How many retries may be made; null has no limit.</summary>
    internal RetryBudgetSettings? RetryBudget { get; init; }

    /// <summary>By what the client hash tells clients apart.</summary>
    internal ClientHashKey HashBy { get; init; }

    /// <summary>The type of the TLV that it goes by; null when it goes by none.</summary>
    internal byte? HashTlv { get; init; }

    /// <summary>Whether <paramref name="other"/> balances by the same policy.</summary>
    internal bool HasSamePolicyAs(PoolSettings other) =>
        Balancing == other.Balancing && OwnPolicy == other.OwnPolicy && HashBy == other.HashBy && HashTlv == other.HashTlv;

    /// <summary>The upstreams as they are configured, for logs.</summary>
    internal string Names => string.Join(", ", Upstreams.Select(static upstream => upstream.Endpoint));
}
