using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>Why a connection ended. Recorded once; the first reason wins.</summary>
/// <remarks>
/// Only <see cref="ClientFin"/> and <see cref="UpstreamFin"/> are orderly: both sides got every byte and a FIN. All
/// others, but for <see cref="MaxLifetime"/> where the options say so, reach the other side as a reset, so that it can tell a cut stream from a whole one. Later versions add
/// reasons: a <c>switch</c> over them needs a default. The numbers never change.
/// </remarks>
[JsonConverter(typeof(JsonStringEnumConverter<EndReason>))]
public enum EndReason
{
    /// <summary>Both sides finished, the client first.</summary>
    ClientFin = 0,

    /// <summary>Both sides finished, the upstream first.</summary>
    UpstreamFin = 1,

    /// <summary>The client reset the connection.</summary>
    ClientReset = 2,

    /// <summary>The upstream reset the connection.</summary>
    UpstreamReset = 3,

    /// <summary>The client can't be reached any more: TCP gave up on it.</summary>
    ClientLost = 4,

    /// <summary>The upstream can't be reached any more: TCP gave up on it.</summary>
    UpstreamLost = 5,

    /// <summary>The upstream's name could not be resolved.</summary>
    ResolveFailed = 6,

    /// <summary>No upstream of the route was healthy.</summary>
    NoUpstream = 7,

    /// <summary>All upstreams were at their maximum, and as many clients waited as may: <see cref="RouteOptions.QueueLimit"/>.</summary>
    QueueFull = 8,

    /// <summary>All upstreams were at their maximum for <see cref="RouteOptions.QueueTimeout"/>.</summary>
    QueueTimeout = 9,

    /// <summary>The upstream refused the connection.</summary>
    ConnectRefused = 10,

    /// <summary>No connection to the upstream within <see cref="RouteOptions.ConnectTimeout"/>.</summary>
    ConnectTimeout = 11,

    /// <summary>The connection to the upstream failed for another reason: unreachable, not permitted, …</summary>
    ConnectFailed = 12,

    /// <summary>Checks found the upstream down: <see cref="HealthCheckOptions.EndSessions"/>.</summary>
    UpstreamDown = 13,

    /// <summary>No byte either way for <see cref="RouteOptions.IdleTimeout"/>.</summary>
    IdleTimeout = 14,

    /// <summary>One side had finished sending, and no byte was relayed for <see cref="RouteOptions.HalfCloseTimeout"/>.</summary>
    HalfCloseTimeout = 15,

    /// <summary>Still open when <see cref="TcpProxyOptions.DrainTimeout"/> was over.</summary>
    DrainTimeout = 16,

    /// <summary>Cut because the proxy stopped at once: disposed of, or its stop was cancelled.</summary>
    Shutdown = 17,

    /// <summary>Ended by hand: <see cref="TcpProxy.EndConnectionAsync"/>.</summary>
    Operator = 18,

    /// <summary>An unexpected exception; the log has it.</summary>
    Fault = 19,

    /// <summary>
    /// The proxy itself lacked what a connection needs: descriptors, source ports, memory, or a permission on its own
    /// machine. It says nothing about the upstream, whose health it leaves as it is.
    /// </summary>
    OutOfResources = 20,

    /// <summary>
    /// A sender that has to send a PROXY header did not send a valid one, or ended within it:
    /// <see cref="ListenOptions.ProxyProtocol"/>.
    /// </summary>
    ProxyHeaderInvalid = 21,

    /// <summary>No whole PROXY header within <see cref="ProxyProtocolOptions.Timeout"/>.</summary>
    ProxyHeaderTimeout = 22,

    /// <summary>The client's TLS hello can't be read, or is longer than <see cref="ListenOptions.PrereadLimit"/>.</summary>
    ClientHelloInvalid = 23,

    /// <summary>The client had sent a part of its TLS hello when <see cref="ListenOptions.PrereadTimeout"/> was over.</summary>
    PrereadTimeout = 24,

    /// <summary>No route of the endpoint is for the client: its server name belongs to none, and there is no default.</summary>
    NoRoute = 25,

    /// <summary>
    /// The lists of the proxy or of the route do not let the client's address in, or it is denied for a time:
    /// <see cref="TcpProxy.DenyAsync"/>.
    /// </summary>
    AccessDenied = 26,

    /// <summary>The client's address has as many connections as it may have.</summary>
    ClientConnectionLimit = 27,

    /// <summary>The client's address has made new connections faster than it may.</summary>
    ClientRateLimit = 28,

    /// <summary>The route has as many connections as it may have.</summary>
    RouteConnectionLimit = 29,

    /// <summary>The upstream has refused what the proxy must agree with it first: TLS, of a PostgreSQL server.</summary>
    UpstreamHandshakeFailed = 30,

    /// <summary>
    /// The TLS handshake with the client has failed: one of the two has refused the other, or the client does not speak TLS.
    /// </summary>
    ClientTlsFailed = 31,

    /// <summary>No whole TLS handshake with the client within <see cref="ListenTlsOptions.HandshakeTimeout"/>.</summary>
    ClientTlsTimeout = 32,

    /// <summary>The TLS handshake with the upstream has failed, or its certificate could not be verified.</summary>
    TlsFailed = 33,

    /// <summary>
    /// Both sides finished, the client first, by a FIN without TLS's close_notify: bytes of it may be missing. With
    /// <see cref="TruncationAction.Reset"/> the upstream got a reset instead.
    /// </summary>
    ClientTruncated = 34,

    /// <summary>
    /// Both sides finished, the upstream first, by a FIN without TLS's close_notify: bytes of it may be missing. With
    /// <see cref="TruncationAction.Reset"/> the client got a reset instead.
    /// </summary>
    UpstreamTruncated = 35,

    /// <summary>A <see cref="ProxyCore.Toxic"/> has ended it: <see cref="ConnectionReport.Toxic"/> says which.</summary>
    Toxic = 36,

    /// <summary>Its upstream was set by hand, and the connections to it were ended: <see cref="UpstreamChange.EndConnections"/>.</summary>
    UpstreamCut = 37,

    /// <summary>
    /// Open for as long as a connection of the route may be: <see cref="RouteOptions.MaxLifetime"/>. Both sides got a reset, or,
    /// by <see cref="RouteOptions.OnMaxLifetime"/>, a FIN.
    /// </summary>
    MaxLifetime = 38,

    /// <summary>Its client's address was denied, and the connections of it were ended: <see cref="DenyOptions.EndConnections"/>.</summary>
    ClientCut = 39,
}
