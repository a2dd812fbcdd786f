using ProxyCore.Bench.Load;

namespace ProxyCore.Bench.Peers;

/// <summary>What a proxy is configured for beside the plain relaying of one route.</summary>
internal sealed record Features
{
    /// <summary>Nothing.</summary>
    internal static Features None { get; } = new();

    /// <summary>How many routes it has. Clients use the last one; where server names tell routes apart, the last twenty.</summary>
    internal int Routes { get; init; } = 1;

    /// <summary>Whether it has access lists, and limits for each client, none of which is reached.</summary>
    internal bool HasLimits { get; init; }

    /// <summary>How long it delays each byte, in ms; null without a toxic.</summary>
    internal int? Latency { get; init; }

    /// <summary>Whether those are compared that have one thread and several.</summary>
    internal bool IsOfThreads { get; init; }

    /// <summary>What a proxy must be able to do.</summary>
    internal Abilities Needed(LoadKind kind) => this switch
    {
        { IsOfThreads: true } => Abilities.Threads,
        { Latency: not null } => Abilities.Toxics,
        { HasLimits: true } => Abilities.Limits,
        { Routes: > 1 } => Abilities.Routes,
        _ when kind.IsTls() => Abilities.Tls,
        _ when kind.NeedsFirstBytes() => Abilities.FirstBytes,
        _ when kind.IsBulk() => Abilities.Bulk,
        _ when kind.IsShort() => Abilities.Connect,
        _ => Abilities.Requests,
    };
}
