using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json.Serialization;
using ProxyCore.Diagnostics;

namespace ProxyCore;

/// <summary>One connection, as it is at one moment. Immutable. A test may make its own.</summary>
public sealed class ConnectionReport
{
    private ConnectionFacts _facts;

    /// <summary>Makes one; what is not set is not known.</summary>
    public ConnectionReport()
    {
    }

    [SetsRequiredMembers]
    internal ConnectionReport(long id, string route, in ConnectionFacts facts)
    {
        Id = id;
        Route = route;
        _facts = facts;
    }

    /// <summary>The number that log lines have for it, counted from 1.</summary>
    public required long Id { get; init; }

    /// <summary>The name of its route.</summary>
    public required string Route { get; init; }

    /// <summary>
    /// The address of its client, as a PROXY header declares it where there is one; that of a client on a Unix socket mostly has no path. Null when the client had gone
    /// before the proxy could ask.
    /// </summary>
    [JsonConverter(typeof(EndPointJsonConverter))]
    public EndPoint? Client
    {
        get => _facts.Client?.Address;
        init => _facts.Client = (_facts.Client ?? new()) with { Address = value };
    }

    /// <summary>The address of the proxy that has sent a PROXY header for the client; null without a header.</summary>
    [JsonConverter(typeof(EndPointJsonConverter))]
    public EndPoint? Sender
    {
        get => _facts.Client?.Sender;
        init => _facts.Client = (_facts.Client ?? new()) with { Sender = value };
    }

    /// <summary>The address that the client connected to, as a PROXY header declares it; null without one.</summary>
    [JsonConverter(typeof(EndPointJsonConverter))]
    public EndPoint? Destination
    {
        get => _facts.Client?.Destination;
        init => _facts.Client = (_facts.Client ?? new()) with { Destination = value };
    }

    /// <summary>
    /// The server name of the client's TLS hello, in lower case and without a trailing dot; null when it has none, or the
    /// proxy did not read the hello.
    /// </summary>
    public string? ServerName
    {
        get => _facts.Client?.ServerName;
        init => _facts.Client = (_facts.Client ?? new()) with { ServerName = value };
    }

    /// <summary>
    /// The application protocol that the client and the proxy agree on; where the proxy does not end TLS, the first that the
    /// client's hello offers. Null when there is none, and as for <see cref="ServerName"/>.
    /// </summary>
    public string? Alpn
    {
        get => _facts.Client?.Alpn;
        init => _facts.Client = (_facts.Client ?? new()) with { Alpn = value };
    }

    /// <summary>The address of its upstream, the last one tried; null before any is.</summary>
    public string? Upstream
    {
        get => _facts.Upstream;
        init => _facts.Upstream = value;
    }

    /// <summary>The TLS with the client; null when the proxy does not end it, and before the handshake.</summary>
    public TlsInfo? ClientTls
    {
        get => _facts.Client?.Tls;
        init => _facts.Client = (_facts.Client ?? new()) with { Tls = value };
    }

    /// <summary>
    /// The TLS with the upstream; null without, and for a connection that began when nothing took reports, as for
    /// <see cref="Attempts"/>.
    /// </summary>
    public TlsInfo? UpstreamTls
    {
        get => _facts.UpstreamTls;
        init => _facts.UpstreamTls = value;
    }

    /// <summary>The name of the toxic that has ended it; null when none has, and as for <see cref="Attempts"/>.</summary>
    public string? Toxic
    {
        get => _facts.Toxic;
        init => _facts.Toxic = value;
    }

    /// <summary>
    /// How many upstreams have been tried. Also 0 for a connection that began when neither an observer, nor an access
    /// log, nor a listener for traces was there: attempts are not counted then.
    /// </summary>
    public int Attempts
    {
        get => _facts.Attempts;
        init => _facts.Attempts = value;
    }

    /// <summary>From accept until the upstream was connected, queue included; null when it is not.</summary>
    public TimeSpan? ConnectTime
    {
        get => _facts.ConnectTime;
        init => _facts.ConnectTime = value;
    }

    /// <summary>From accept until the first byte was sent to the client; null when there is none.</summary>
    public TimeSpan? FirstByteTime
    {
        get => _facts.FirstByteTime;
        init => _facts.FirstByteTime = value;
    }

    /// <summary>From accept to now, or to the end.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How many bytes were sent to the upstream.</summary>
    public long BytesToUpstream { get; init; }

    /// <summary>How many bytes were sent to the client.</summary>
    public long BytesToClient { get; init; }

    /// <summary>The phase that it is in, or ended in.</summary>
    public ConnectionPhase Phase { get; init; }

    /// <summary>Why it ended; null while it is open.</summary>
    public EndReason? Reason { get; init; }

    /// <summary>The side that ended it, as <see cref="Reason"/> says; null for the proxy itself, and while it is open.</summary>
    public ConnectionSide? EndedBy => Reason?.EndedBy();

    /// <summary>A line as in the access log, for debuggers and messages of tests; its form may change.</summary>
    public override string ToString() => AccessLogText.Of(this);
}
