using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>The steps of a connection's life, in their order. Half-closed is no step but a question to its pipes.</summary>
/// <remarks>
/// Later versions add phases between these, for which the numbers leave room: a <c>switch</c> over them needs a default.
/// The numbers never change.
/// </remarks>
[JsonConverter(typeof(JsonStringEnumConverter<ConnectionPhase>))]
public enum ConnectionPhase
{
    /// <summary>The client is accepted; no step has begun.</summary>
    [JsonStringEnumMemberName("accepted")]
    Accepted = 0,

    /// <summary>The proxy reads the PROXY header of the sender.</summary>
    [JsonStringEnumMemberName("identifying")]
    Identifying = 10,

    /// <summary>The proxy reads the TLS hello of the client, to choose a route.</summary>
    [JsonStringEnumMemberName("prereading")]
    Prereading = 20,

    /// <summary>The client has reached a limit and waits until it may go on.</summary>
    [JsonStringEnumMemberName("limited")]
    Limited = 30,

    /// <summary>The client and the proxy shake hands over TLS.</summary>
    [JsonStringEnumMemberName("client-handshake")]
    ClientHandshake = 40,

    /// <summary>The proxy looks up the names of the upstreams.</summary>
    [JsonStringEnumMemberName("resolving")]
    Resolving = 50,

    /// <summary>All upstreams are at their maximum; the connection waits in the queue of its route.</summary>
    [JsonStringEnumMemberName("queued")]
    Queued = 60,

    /// <summary>The proxy connects to an upstream.</summary>
    [JsonStringEnumMemberName("connecting")]
    Connecting = 70,

    /// <summary>The proxy and the upstream shake hands over TLS.</summary>
    [JsonStringEnumMemberName("upstream-handshake")]
    UpstreamHandshake = 80,

    /// <summary>Bytes flow.</summary>
    [JsonStringEnumMemberName("relaying")]
    Relaying = 90,

    /// <summary>One side has failed; the other is reset as soon as it has the bytes that arrived before.</summary>
    [JsonStringEnumMemberName("resetting")]
    Resetting = 100,

    /// <summary>Everything is released. No report has this phase: it has the one in which the connection ended.</summary>
    [JsonStringEnumMemberName("closed")]
    Closed = 110,
}
