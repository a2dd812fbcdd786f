using System.Net.Sockets;

namespace ProxyCore;

/// <summary>What a <see cref="TcpProxy"/> does. Read when the proxy is made, and by <see cref="TcpProxy.ApplyAsync"/>.</summary>
public sealed class TcpProxyOptions
{
    /// <summary>The routes, at least one.</summary>
    public IList<RouteOptions> Routes { get; private set; } = [];

    /// <summary>
    /// Balancing policies besides the built-in ones, by the name that <see cref="RouteOptions.Balancing"/> has. Each
    /// route that uses one calls its function once, and has the policy for itself.
    /// </summary>
    public IDictionary<string, Func<IBalancingPolicy>> BalancingPolicies { get; private set; } =
        new Dictionary<string, Func<IBalancingPolicy>>();

    /// <summary>
    /// What finds the servers of upstreams while the proxy runs, by the scheme that their addresses begin with: an upstream
    /// <c>consul:db</c> needs the scheme <c>consul</c>. Schemes have lower-case letters, digits and hyphens. Default none.
    /// </summary>
    public IDictionary<string, IUpstreamSource> UpstreamSources { get; private set; } = new Dictionary<string, IUpstreamSource>();

    /// <summary>
    /// Chooses routes other than by the endpoint that a client came to; routes that only it can choose need no endpoints.
    /// Default null.
    /// </summary>
    public IRouteSelector? RouteSelector { get; set; }

    /// <summary>Called at the steps of each connection, in this order. Default none.</summary>
    public IList<IConnectionObserver> ConnectionObservers { get; private set; } = [];

    /// <summary>Called when the health of an upstream has changed, in this order. Default none.</summary>
    public IList<IUpstreamObserver> UpstreamObservers { get; private set; } = [];

    /// <summary>Where each connection is logged at its end. Default null: nowhere.</summary>
    public AccessLogOptions? AccessLog { get; set; }

    /// <summary>
    /// Sockets that listen already, handed over by another process such as systemd. An endpoint in
    /// <see cref="RouteOptions.Listen"/> that some are bound to listens with those, and binds none itself. Default none.
    /// Not on Windows.
    /// </summary>
    /// <remarks>
    /// Read at the start; later options go on with the same. The proxy works on duplicates and closes none of these, so
    /// that clients that connect while no process accepts wait in their queues for the next one. It makes them non-blocking,
    /// and sets their backlog and TCP options. With several <see cref="Loops"/> one accepts from each, and hands the
    /// clients to all in turn. One that no endpoint is bound to fails the start, and a change too.
    /// </remarks>
    public IList<SafeSocketHandle> InheritedSockets { get; private set; } = [];

    /// <summary>
    /// How many loops relay, each on a thread of its own: as many processor cores as the proxy may use. A connection
    /// stays with the loop that it came to. Default 1; up to 64.
    /// </summary>
    /// <remarks>
    /// On Linux every loop has a listener of its own, with a backlog of its own, and the system spreads the clients over
    /// them by a hash of their addresses (SO_REUSEPORT). Elsewhere, and for a Unix socket, one loop accepts and hands
    /// the clients to all in turn.
    /// </remarks>
    public int Loops { get; set; } = 1;

    /// <summary>
    /// How many connections are served at a time, by all loops together; more wait in the listen backlog. From 1.
    /// Default: what the process's descriptor limit allows, at two descriptors a connection.
    /// </summary>
    public int? MaxConnections { get; set; }

    /// <summary>
    /// What each client may do, on all routes together. Default null: no limits. A route may have limits of its own
    /// (<see cref="RouteOptions.ClientLimits"/>).
    /// </summary>
    public ClientLimitOptions? ClientLimits { get; set; }

    /// <summary>
    /// Which clients may connect, to any route; <see cref="RouteOptions.Access"/> may refuse more. Default null: all.
    /// </summary>
    public AccessOptions? Access { get; set; }

    /// <summary>
    /// How many addresses and ranges may be denied at a time by <see cref="TcpProxy.DenyAsync"/>, from 1 to 100,000. Default
    /// 10,000. Can be changed while the proxy runs; what is denied then stays.
    /// </summary>
    public int MaxDenied { get; set; } = 10_000;

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
    /// The memory, in bytes, that all connections together hold for slow receivers, over all loops. When it is used up no
    /// connection is cut: each direction then holds a few kilobytes instead of <see cref="BufferSize"/>, and its sender is
    /// slowed sooner. From 0. Default null: a quarter of the memory that the process may use, a container's limit
    /// included (<see cref="GCMemoryInfo.TotalAvailableMemoryBytes"/>). Can be changed while the proxy runs.
    /// </summary>
    public long? MaxPendingBytes { get; set; }

    /// <summary>
    /// Whether sockets that carry nothing are parked where they cost the loop nothing: in an epoll set that Select
    /// watches as one entry. Default true. Linux only; elsewhere it has no effect, and each open connection costs
    /// every Select some 0.2 µs.
    /// </summary>
    public bool ParkIdleSockets { get; set; } = true;

    /// <summary>
    /// The implementation of TLS, where TLS is asked for. Default <see cref="TlsEngineKind.Auto"/>. Read at the start: a change
    /// needs another one.
    /// </summary>
    public TlsEngineKind TlsEngine { get; set; }

    /// <summary>
    /// Where the chance of toxics begins: with the same seed the same connections, numbered as they are accepted, draw the same
    /// in each run. Default null: another one each time. Read at the start.
    /// </summary>
    public long? ToxicSeed { get; set; }

    /// <summary>The same options in objects of their own; what users implement, and the sockets, are the same.</summary>
    internal TcpProxyOptions Copy()
    {
        var copy = (TcpProxyOptions)MemberwiseClone();

        // Null among the routes is a validation error, which comes later.
        copy.Routes = [.. Routes.Select(static route => route?.Copy()!)];
        copy.BalancingPolicies = new Dictionary<string, Func<IBalancingPolicy>>(BalancingPolicies);
        copy.UpstreamSources = new Dictionary<string, IUpstreamSource>(UpstreamSources);
        copy.ConnectionObservers = [.. ConnectionObservers];
        copy.UpstreamObservers = [.. UpstreamObservers];
        copy.InheritedSockets = [.. InheritedSockets];
        copy.AccessLog = AccessLog?.Copy();
        copy.ClientLimits = ClientLimits?.Copy();
        copy.Access = Access?.Copy();
        return copy;
    }
}
