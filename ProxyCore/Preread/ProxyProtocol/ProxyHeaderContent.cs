using System.Net;

namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>What a header that is sent shall say. What is not known is left out.</summary>
internal readonly record struct ProxyHeaderContent
{
    internal required ProxyProtocolVersion Version { get; init; }

    /// <summary>
    /// Whether the proxy speaks for itself, as in a health check. Version 2 says LOCAL then, version 1 UNKNOWN, which some
    /// servers refuse: a check in version 1 rather gives the addresses of its own connection.
    /// </summary>
    internal bool IsLocal { get; init; }

    /// <summary>The client's address. Anything but an IP address (a Unix socket, null) counts as <see cref="IsLocal"/>.</summary>
    internal EndPoint? Source { get; init; }

    /// <summary>The address that the client connected to, as <see cref="Source"/>.</summary>
    internal EndPoint? Destination { get; init; }

    /// <summary>Which of the values below are written. Version 1 writes none.</summary>
    internal ProxyTlvs Tlvs { get; init; }

    /// <summary>At most 255 bytes of UTF-8; a longer one is left out.</summary>
    internal string? Authority { get; init; }

    /// <summary>At most 255 bytes; longer ones are left out.</summary>
    internal ReadOnlyMemory<byte> Alpn { get; init; }

    /// <summary>At most 128 bytes; a longer one is left out.</summary>
    internal ReadOnlyMemory<byte> UniqueId { get; init; }

    /// <summary>Texts longer than 255 bytes, and more than 4096 bytes of other sub-TLVs, are left out.</summary>
    internal ProxySsl? Ssl { get; init; }

    /// <summary>
    /// <see cref="ProxyHeader.Tlvs"/> of the header that came in; more than <see cref="ProxyHeaderReader.LargestLimit"/>
    /// bytes are left out.
    /// </summary>
    internal ReadOnlyMemory<byte> Received { get; init; }
}
