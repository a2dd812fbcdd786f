namespace ProxyCore;

/// <summary>Which open connections are meant: those to which everything applies that is set here. Without anything, all.</summary>
/// <remarks>Immutable.</remarks>
public sealed class ConnectionFilter
{
    /// <summary>The word for clients on Unix sockets in <see cref="Client"/>.</summary>
    internal const string Unix = "unix";

    /// <summary>The name of their route. Default null: any.</summary>
    public string? Route { get; init; }

    /// <summary>
    /// Their upstream: its address, or the configured name that it is an address of
    /// (<see cref="UpstreamOptions.EachAddress"/>). Default null: any, and none yet.
    /// </summary>
    public string? Upstream { get; init; }

    /// <summary>
    /// Their client: an address such as <c>10.0.0.1</c>, a range such as <c>10.0.0.0/8</c>, an address with its port
    /// (<c>10.0.0.1:4711</c>, <c>[::1]:4711</c>), or <c>unix</c> for those on Unix sockets. Default null: any.
    /// </summary>
    public string? Client { get; init; }

    /// <summary>The phase that they are in. Default null: any.</summary>
    public ConnectionPhase? Phase { get; init; }

    /// <summary>Whether nothing is set.</summary>
    internal bool IsEmpty => Route is null && Upstream is null && Client is null && Phase is null;

    /// <summary>A short text for debuggers and logs; its form may change.</summary>
    public override string ToString() => IsEmpty ? "all" : string.Join(", ", new[]
    {
        Client is null ? null : $"client {Client}",
        Route is null ? null : $"route {Route}",
        Upstream is null ? null : $"upstream {Upstream}",
        Phase is { } phase ? $"phase {Diagnostics.ConnectionNames.Of(phase)}" : null,
    }.OfType<string>());
}
