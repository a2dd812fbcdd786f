using System.Net;

namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>What a received PROXY protocol header says. Immutable; its bytes are a copy of its own.</summary>
internal sealed class ProxyHeader
{
    /// <summary>The version in which it was written.</summary>
    internal required ProxyProtocolVersion Version { get; init; }

    /// <summary>
    /// Whether the connection keeps its real addresses: the sender speaks for itself (LOCAL), or the header holds no IP
    /// addresses (UNKNOWN, UNSPEC, Unix sockets).
    /// </summary>
    internal bool IsLocal => Source is null;

    /// <summary>The address of the client; null if <see cref="IsLocal"/>.</summary>
    internal IPEndPoint? Source { get; init; }

    /// <summary>The address that the client connected to; null if <see cref="IsLocal"/>.</summary>
    internal IPEndPoint? Destination { get; init; }

    /// <summary>
    /// The server name that the client asked for: at most 255 bytes, visible characters without spaces. Null if unknown.
    /// </summary>
    internal string? Authority { get; init; }

    /// <summary>The application protocol, as in a ClientHello; empty if unknown.</summary>
    internal ReadOnlyMemory<byte> Alpn { get; init; }

    /// <summary>The identifier that the sender gave the connection, at most 128 bytes; empty if unknown.</summary>
    internal ReadOnlyMemory<byte> UniqueId { get; init; }

    /// <summary>The client's TLS, as the sender saw it; null if unknown.</summary>
    internal ProxySsl? Ssl { get; init; }

    /// <summary>
    /// All TLVs as they came, known and unknown ones, whole: to be sent on. Bounded by the limit of the header.
    /// </summary>
    internal ReadOnlyMemory<byte> Tlvs { get; init; }
}
