namespace ProxyCore;

/// <summary>What a <see cref="TcpProxy"/> does. It is read once, when the proxy is built.</summary>
public sealed class TcpProxyOptions
{
    /// <summary>The routes, at least one.</summary>
    public IList<RouteOptions> Routes { get; } = [];

    /// <summary>
    /// How many connections are served at a time; more wait in the listen backlog. From 1. Default: what the
    /// process's descriptor limit allows, at two descriptors a connection.
    /// </summary>
    public int? MaxConnections { get; set; }

    /// <summary>
    /// How long <see cref="TcpProxy.StopAsync"/> lets connections finish before it cuts them. Default 30 s; up to
    /// 365 days; zero cuts at once.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The most that one direction of a connection holds when its receiver is slow; the sender is slowed then. In
    /// bytes, 1 KiB to 16 MiB. Default 256 KiB.
    /// </summary>
    public int BufferSize { get; set; } = 256 * 1024;

    /// <summary>
    /// Whether sockets that carry nothing are parked where they cost the loop nothing: in an epoll set that Select
    /// watches as one entry. Default true. Linux only; elsewhere it has no effect, and each open connection costs
    /// every Select some 0.2 µs.
    /// </summary>
    public bool ParkIdleSockets { get; set; } = true;
}
