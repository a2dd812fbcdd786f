using System.Net;

namespace ProxyCore;

/// <summary>One server that an <see cref="IUpstreamSource"/> has found. Immutable.</summary>
public sealed class UpstreamTarget
{
    /// <summary>How many servers of one upstream are used at most.</summary>
    public const int MaxCount = 1000;

    /// <summary>
    /// Its name or its IP address. It stands with <see cref="Port"/> in logs and figures, and TLS verifies it unless
    /// <see cref="UpstreamTlsOptions.ServerName"/> says otherwise.
    /// </summary>
    public required string Host { get; init; }

    /// <summary>Its port, 1 to 65535. A server with another port is left out, with a warning.</summary>
    public required int Port { get; init; }

    /// <summary>
    /// Its share of the connections beside the weights of those with the same priority, where the balancing goes by weights.
    /// Default 1; 0 to 65535. With 0 it gets the smallest share that there is.
    /// </summary>
    public int Weight { get; init; } = 1;

    /// <summary>
    /// Which servers come first: those with a higher number get connections only when none with a lower one can be had: out, down,
    /// or tried in vain. Default 0; 0 to 65535.
    /// </summary>
    public int Priority { get; init; }

    /// <summary>
    /// The addresses of <see cref="Host"/>, in the order to try them. Default null: the proxy looks the name up. Empty: the name has
    /// none that is known, and the server is <see cref="UpstreamState.Unresolved"/>.
    /// </summary>
    public IReadOnlyList<IPAddress>? Addresses { get; init; }

    /// <summary>A short text for debuggers and messages of tests; its form may change.</summary>
    public override string ToString() => $"{Host}:{Port}";
}
