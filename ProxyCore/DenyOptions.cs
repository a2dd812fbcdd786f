namespace ProxyCore;

/// <summary>How <see cref="TcpProxy.DenyAsync"/> denies clients.</summary>
public sealed class DenyOptions
{
    /// <summary>
    /// For how long. More than zero, up to 30 days; default 10 min. What is to be denied for longer belongs into
    /// <see cref="AccessOptions.Deny"/>, where a restart does not lose it.
    /// </summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Whether the connections that these clients have end, with a reset for both sides and <see cref="EndReason.ClientCut"/>.
    /// Default false: they live on.
    /// </summary>
    public bool EndConnections { get; init; }
}
