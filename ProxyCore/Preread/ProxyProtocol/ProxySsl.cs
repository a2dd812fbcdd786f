namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>The TLS of a client, as a PROXY protocol header carries it. Immutable.</summary>
/// <param name="Client">How the client is connected.</param>
/// <param name="Verify">0 only if the client presented a certificate and it was verified.</param>
internal sealed record ProxySsl(ProxySslClient Client, uint Verify)
{
    /// <summary>The most bytes of a text, as it is read and written.</summary>
    internal const int MaxTextLength = 255;

    /// <summary>The version of TLS, <c>TLSv1.3</c> say. Never null if the client is connected over TLS.</summary>
    internal string? Version { get; init; }

    /// <summary>The common name of the client's certificate; null if unknown, too long, or not safe to print.</summary>
    internal string? CommonName { get; init; }

    /// <summary>The cipher suite; null if unknown.</summary>
    internal string? Cipher { get; init; }

    /// <summary>The algorithm that signed the server's certificate, <c>SHA256</c> say; null if unknown.</summary>
    internal string? SignatureAlgorithm { get; init; }

    /// <summary>The algorithm of the key of the server's certificate, <c>RSA2048</c> say; null if unknown.</summary>
    internal string? KeyAlgorithm { get; init; }

    /// <summary>
    /// The remaining sub-TLVs, whole and as they came: the key exchange, the signature scheme, the client's certificate.
    /// </summary>
    internal ReadOnlyMemory<byte> Others { get; init; }
}

/// <summary>How a client is connected to the sender of a header; unknown bits are kept.</summary>
[Flags]
internal enum ProxySslClient : byte
{
    None = 0,
    OverTls = 1,
    CertificateOnConnection = 2,
    CertificateInSession = 4,
}
