using System.Net;

namespace ProxyCore.Relay.Transports;

/// <summary>What a client's side of TLS needs.</summary>
internal sealed record TlsClientParameters
{
    /// <summary>The name that the server is asked for, and that its certificate must have; in normal form. Null asks for none.</summary>
    internal string? ServerName { get; init; }

    /// <summary>The address that its certificate must have, where there is no name.</summary>
    internal IPAddress? Address { get; init; }

    /// <summary>Whether the server's certificate is verified.</summary>
    internal bool Verify { get; init; } = true;

    /// <summary>The certificates that may have issued the server's, each as DER; null for those that the system trusts.</summary>
    internal IReadOnlyList<ReadOnlyMemory<byte>>? Ca { get; init; }

    /// <summary>The certificate that the server gets when it asks for one; null for none.</summary>
    internal TlsIdentity? Identity { get; init; }

    /// <summary>The application protocols to offer, most wanted first.</summary>
    internal IReadOnlyList<string> Alpn { get; init; } = [];

    /// <summary>The oldest version that is spoken.</summary>
    internal TlsVersion MinimumVersion { get; init; }
}
