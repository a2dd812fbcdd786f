namespace ProxyCore;

/// <summary>One route: where clients come in and where their connections go.</summary>
public sealed class RouteOptions
{
    /// <summary>What logs and figures call it. Default: <c>route1</c>, <c>route2</c>, … in order.</summary>
    public string? Name { get; set; }

    /// <summary>Where to listen, at least one: see <see cref="ProxyEndpoint"/>. A name is not allowed here.</summary>
    public IList<string> Listen { get; } = [];

    /// <summary>Where connections go. Exactly one for now.</summary>
    public IList<UpstreamOptions> Upstreams { get; } = [];

    /// <summary>
    /// How long a client waits for its upstream: look-up of the name and all addresses tried. Default 5 s; more than
    /// zero, up to 365 days.
    /// </summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a connection may carry no byte either way before it is cut. Default 1 h; more than zero, up to
    /// 365 days.
    /// </summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The same once one side has finished sending: how long the other direction may carry no byte. Default 1 min;
    /// more than zero, up to 365 days.
    /// </summary>
    public TimeSpan HalfCloseTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How many clients may wait to be accepted. Default 4096; from 1. The system may have a lower bound of its own
    /// (Linux: <c>net.core.somaxconn</c>).
    /// </summary>
    public int Backlog { get; set; } = 4096;

    /// <summary>Whether small writes go out at once (TCP_NODELAY), on both sides. Default true.</summary>
    public bool NoDelay { get; set; } = true;

    /// <summary>
    /// After how long without traffic TCP begins to ask whether the peer is still there, on both sides; null never
    /// asks. Default 1 min; whole seconds, 1 s to 32767 s.
    /// </summary>
    public TimeSpan? KeepAlive { get; set; } = TimeSpan.FromMinutes(1);
}
