using System.Net;

namespace ProxyCore;

/// <summary>
/// What the opening of a connection has learned of its client: the one record from which log, metrics, observers, balancing
/// and the PROXY header to the upstream take it. Immutable.
/// </summary>
internal sealed record ClientIdentity
{
    /// <summary>The address of the client: as a PROXY header declares it, else as it was accepted. Null when it had gone already.</summary>
    internal EndPoint? Address { get; init; }

    /// <summary>The address of the proxy that sent the PROXY header; null without one.</summary>
    internal EndPoint? Sender { get; init; }

    /// <summary>The address that the client connected to, as a PROXY header declares it; null without one.</summary>
    internal EndPoint? Destination { get; init; }

    /// <summary>The TLVs of the PROXY header, as they came; empty without any.</summary>
    internal ReadOnlyMemory<byte> ProxyTlvs { get; init; }

    /// <summary>The server name of its TLS hello, in normal form; null without one.</summary>
    internal string? ServerName { get; init; }

    /// <summary>The application protocol that it has agreed on with the proxy, else the first that its hello offers; null without one.</summary>
    internal string? Alpn { get; init; }

    /// <summary>What its TLS handshake with the proxy has come to; null when the proxy does not end its TLS.</summary>
    internal TlsInfo? Tls { get; init; }
}
