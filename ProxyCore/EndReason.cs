namespace ProxyCore;

/// <summary>Why a connection ended. Recorded once; the first reason wins.</summary>
/// <remarks>
/// Only <see cref="ClientFin"/> and <see cref="UpstreamFin"/> are orderly: both sides got every byte and a FIN. All
/// others are passed on as a reset, so that nobody takes a cut stream for a whole one.
/// </remarks>
public enum EndReason
{
    /// <summary>Both sides finished, the client first.</summary>
    ClientFin,

    /// <summary>Both sides finished, the upstream first.</summary>
    UpstreamFin,

    /// <summary>The client reset the connection.</summary>
    ClientReset,

    /// <summary>The upstream reset the connection.</summary>
    UpstreamReset,

    /// <summary>The client can't be reached any more: TCP gave up on it.</summary>
    ClientLost,

    /// <summary>The upstream can't be reached any more: TCP gave up on it.</summary>
    UpstreamLost,

    /// <summary>The upstream's name could not be resolved.</summary>
    ResolveFailed,

    /// <summary>No upstream of the route was healthy.</summary>
    NoUpstream,

    /// <summary>All upstreams were at their maximum, and as many clients waited as may: <see cref="RouteOptions.QueueLimit"/>.</summary>
    QueueFull,

    /// <summary>All upstreams were at their maximum for <see cref="RouteOptions.QueueTimeout"/>.</summary>
    QueueTimeout,

    /// <summary>The upstream refused the connection.</summary>
    ConnectRefused,

    /// <summary>No connection to the upstream within <see cref="RouteOptions.ConnectTimeout"/>.</summary>
    ConnectTimeout,

    /// <summary>The connection to the upstream failed for another reason: unreachable, not permitted, …</summary>
    ConnectFailed,

    /// <summary>Checks found the upstream down: <see cref="HealthCheckOptions.EndSessions"/>.</summary>
    UpstreamDown,

    /// <summary>No byte either way for <see cref="RouteOptions.IdleTimeout"/>.</summary>
    IdleTimeout,

    /// <summary>One side had finished sending, and no byte was relayed for <see cref="RouteOptions.HalfCloseTimeout"/>.</summary>
    HalfCloseTimeout,

    /// <summary>Still open when <see cref="TcpProxyOptions.DrainTimeout"/> was over.</summary>
    DrainTimeout,

    /// <summary>Cut because the proxy stopped at once: disposed of, or its stop was cancelled.</summary>
    Shutdown,

    /// <summary>Ended by hand: <see cref="TcpProxy.EndConnectionAsync"/>.</summary>
    Operator,

    /// <summary>An unexpected exception; the log has it.</summary>
    Fault,

    /// <summary>
    /// The proxy itself lacked descriptors, ports, memory or a permission to connect. It says nothing about the upstream.
    /// </summary>
    OutOfResources,
}
