namespace ProxyCore;

/// <summary>One route: where clients come in and where their connections go.</summary>
public sealed class RouteOptions
{
    /// <summary>What logs and figures call it. Default: <c>route1</c>, <c>route2</c>, … in order.</summary>
    public string? Name { get; set; }

    /// <summary>Where to listen, at least one: <c>Listen = { "localhost:8080" }</c>.</summary>
    public IList<ListenOptions> Listen { get; private set; } = [];

    /// <summary>
    /// The server names of the TLS clients that the route serves, where several routes share an endpoint:
    /// <c>a.example</c>, or <c>*.b.example</c> for all names below <c>b.example</c>, at any depth. Default empty: the route is the
    /// endpoint's default, for clients whose name no other route has, and for those without TLS.
    /// </summary>
    /// <remarks>An exact name goes before the longest wildcard, and that before the default.</remarks>
    public IList<string> ServerNames { get; private set; } = [];

    /// <summary>
    /// The application protocols of the TLS clients that the route serves, as <c>h2</c>. Of routes with the same name one
    /// whose protocol the client offers goes before one without protocols. Default empty: all.
    /// </summary>
    public IList<string> Alpn { get; private set; } = [];

    /// <summary>Where connections go, at least one.</summary>
    public IList<UpstreamOptions> Upstreams { get; private set; } = [];

    /// <summary>
    /// How the upstream of a connection is chosen: one of <see cref="BalancingNames"/>, or of
    /// <see cref="TcpProxyOptions.BalancingPolicies"/>. Default <see cref="BalancingNames.RoundRobin"/>.
    /// </summary>
    public string Balancing { get; set; } = BalancingNames.RoundRobin;

    /// <summary>
    /// By what <see cref="BalancingNames.ClientHash"/> tells clients apart. Default <see cref="ClientHashKey.Address"/>; another
    /// needs that policy.
    /// </summary>
    public ClientHashKey HashBy { get; set; }

    /// <summary>
    /// The type of the TLV that <see cref="ClientHashKey.ProxyTlv"/> goes by, as <c>0xE0</c>. Of a type that is there several times
    /// the first counts. Default null; needed for that key, and for no other.
    /// </summary>
    public byte? HashTlv { get; set; }

    /// <summary>
    /// How long a client waits for its upstream: look-up of the name and all upstreams and addresses tried, but not the
    /// time in the queue. Default 5 s; more than zero, up to 365 days.
    /// </summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many rounds over the upstreams are made for a client. A round tries one upstream after the other, until one is
    /// connected; when all have failed, the next round begins after a pause of 200 ms, later of 1 s, within
    /// <see cref="ConnectTimeout"/>. Default 3; from 1.
    /// </summary>
    public int ConnectAttempts { get; set; } = 3;

    /// <summary>
    /// How many of the connects may be retries, within what <see cref="ConnectAttempts"/> and <see cref="ConnectTimeout"/> allow
    /// each client. Default null: no limit.
    /// </summary>
    public RetryBudgetOptions? RetryBudget { get; set; }

    /// <summary>
    /// How many clients may wait when all upstreams are at their maximum; one more is refused. Default 1024; 0 refuses
    /// all.
    /// </summary>
    public int QueueLimit { get; set; } = 1024;

    /// <summary>How long a client may wait in the queue. Default 10 s; more than zero, up to 365 days.</summary>
    public TimeSpan QueueTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the share of an upstream takes to grow to its whole, and its maximum likewise, when it comes back from down or
    /// disabled, from a drain of more than a minute, or is new after the start. Default zero: it has the whole at once; up to
    /// 365 days.
    /// </summary>
    /// <remarks>
    /// It grows evenly, for the policies that go by weights: round robin, least connections, random of two and, for the clients
    /// that it gets, client hash.
    /// </remarks>
    public TimeSpan SlowStart { get; set; }

    /// <summary>
    /// After how long the names of the upstreams are looked up again. Default 30 s; 1 s to 365 days.
    /// </summary>
    public TimeSpan ResolveInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>When failed connects take an upstream out for a while.</summary>
    public PassiveHealthOptions PassiveHealth { get; set; } = new();

    /// <summary>How upstreams are checked while they are used or not. Default null: they are not.</summary>
    public HealthCheckOptions? HealthCheck { get; set; }

    /// <summary>
    /// Whether upstreams that <see cref="HealthCheck"/> has found down are tried when no other is left. Default false: when
    /// all are down, clients are closed at once. Upstreams that only failed connects have put out are always tried then.
    /// </summary>
    public bool TryWhenAllOut { get; set; }

    /// <summary>
    /// How long a connection may carry no byte either way before it is cut. Default 1 h; more than zero, up to
    /// 365 days.
    /// </summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The same once one side has finished sending or was reset: how long the connection may carry no byte. Default 1 min;
    /// more than zero, up to 365 days.
    /// </summary>
    /// <remarks>
    /// It also bounds a receiver that takes nothing while the FIN or the reset of the sender stands behind bytes that the
    /// proxy holds or has not read. Only Linux can tell that; elsewhere <see cref="IdleTimeout"/> is the bound then.
    /// </remarks>
    public TimeSpan HalfCloseTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a connection may be open, from accept, whether it carries bytes or not. So long connections leave an upstream
    /// that is drained, too. Default null: no limit; more than zero, up to 365 days.
    /// </summary>
    /// <remarks>
    /// Each connection gets its own limit, evenly spread over 90% to 100% of this, so that connections that came together do not
    /// leave together. Until it relays, other timeouts bound a connection; one that is past its limit then ends as soon as it
    /// relays.
    /// </remarks>
    public TimeSpan? MaxLifetime { get; set; }

    /// <summary>How a connection ends that has reached <see cref="MaxLifetime"/>. Default <see cref="LifetimeAction.Reset"/>.</summary>
    public LifetimeAction OnMaxLifetime { get; set; }

    /// <summary>
    /// How many connections the route may have at a time, on all loops together; further ones are reset. Default null: no
    /// limit but <see cref="TcpProxyOptions.MaxConnections"/>; from 1.
    /// </summary>
    public int? MaxConnections { get; set; }

    /// <summary>
    /// What each client may do on this route, beside <see cref="TcpProxyOptions.ClientLimits"/>. Default null: no limits.
    /// </summary>
    public ClientLimitOptions? ClientLimits { get; set; }

    /// <summary>
    /// Which clients may use the route, beside <see cref="TcpProxyOptions.Access"/>. Default null: all.
    /// </summary>
    public AccessOptions? Access { get; set; }

    /// <summary>
    /// How many clients may wait to be accepted. Default 4096; from 1. The system may have a lower bound of its own
    /// (Linux: <c>net.core.somaxconn</c>).
    /// </summary>
    public int Backlog { get; set; } = 4096;

    /// <summary>Whether small writes go out at once (TCP_NODELAY), on both sides. Default true.</summary>
    public bool NoDelay { get; set; } = true;

    /// <summary>
    /// After how long without traffic TCP begins to ask whether the peer is still there, on both sides; null never
    /// asks. Default 1 min; whole seconds, 1 s to 32767 s. It is set of an upstream when the connection is that old, or 5 s if
    /// that is less: a short connection has no use for it.
    /// </summary>
    public TimeSpan? KeepAlive { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// What happens to the TLS of its clients, on endpoints that end TLS (<see cref="ListenOptions.Tls"/>). Default
    /// <see cref="RouteTlsMode.Terminate"/>.
    /// </summary>
    public RouteTlsMode Tls { get; set; }

    /// <summary>
    /// Whether its clients are asked for a certificate, instead of what <see cref="ListenTlsOptions.ClientCertificates"/> says.
    /// Default null: as that says.
    /// </summary>
    public ClientCertificateMode? ClientCertificates { get; set; }

    /// <summary>
    /// The PEM file with the certificates that may have issued those of its clients. Default null: that of
    /// <see cref="ListenTlsOptions.ClientCa"/>.
    /// </summary>
    public string? ClientCa { get; set; }

    /// <summary>How many bytes a second its connections may carry. Default null: no limit.</summary>
    public BandwidthOptions? Bandwidth { get; set; }

    /// <summary>
    /// The faults that it makes on purpose, in the order of their effect. Default none. <see cref="TcpProxy.AddToxicAsync"/> adds
    /// more while it runs.
    /// </summary>
    /// <remarks>
    /// A reload acts on the toxics that it adds, changes or removes here; those that were added or changed by hand stay.
    /// </remarks>
    public IList<Toxic> Toxics { get; private set; } = [];

    /// <summary>The name, the endpoints and the upstreams, for debuggers.</summary>
    public override string ToString() => $"{Name ?? "route"}: {string.Join(", ", Listen)} to {string.Join(", ", Upstreams)}";

    /// <summary>The same options in objects of their own.</summary>
    internal RouteOptions Copy()
    {
        var copy = (RouteOptions)MemberwiseClone();
        copy.Listen = [.. Listen.Select(static listen => listen?.Copy()!)];
        copy.ServerNames = [.. ServerNames];
        copy.Alpn = [.. Alpn];
        copy.Upstreams = [.. Upstreams.Select(static upstream => upstream?.Copy()!)];
        copy.PassiveHealth = PassiveHealth?.Copy()!;
        copy.HealthCheck = HealthCheck?.Copy();
        copy.RetryBudget = RetryBudget?.Copy();
        copy.ClientLimits = ClientLimits?.Copy();
        copy.Access = Access?.Copy();
        copy.Bandwidth = Bandwidth?.Copy();
        copy.Toxics = [.. Toxics.Select(static toxic => toxic?.Copy()!)];
        return copy;
    }
}
