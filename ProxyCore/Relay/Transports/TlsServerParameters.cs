namespace ProxyCore.Relay.Transports;

/// <summary>What a server's side of TLS needs.</summary>
/// <param name="Identity">The certificate that clients get.</param>
internal sealed record TlsServerParameters(TlsIdentity Identity)
{
    /// <summary>Whether clients are asked for a certificate.</summary>
    internal ClientCertificateMode ClientCertificates { get; init; }

    /// <summary>The certificates that may have issued those of clients, each as DER.</summary>
    internal IReadOnlyList<ReadOnlyMemory<byte>> ClientCa { get; init; } = [];

    /// <summary>
    /// The application protocols, most wanted first. A client that offers others only is refused with
    /// no_application_protocol; one that offers none goes on without.
    /// </summary>
    internal IReadOnlyList<string> Alpn { get; init; } = [];

    /// <summary>The oldest version that is spoken.</summary>
    internal TlsVersion MinimumVersion { get; init; }
}
