namespace ProxyCore;

/// <summary>What a TLS handshake has come to. Immutable. All texts are safe to print.</summary>
public sealed record TlsInfo
{
    /// <summary>The version, as <c>TLSv1.3</c>.</summary>
    public required string Version { get; init; }

    /// <summary>The cipher suite by its name in the standard, as <c>TLS_AES_128_GCM_SHA256</c>.</summary>
    public required string Cipher { get; init; }

    /// <summary>The application protocol that both sides agree on; null for none.</summary>
    public string? Alpn { get; init; }

    /// <summary>The subject of the peer's certificate, verified; null when there is none.</summary>
    public string? PeerSubject { get; init; }

    /// <summary>The common name in <see cref="PeerSubject"/>; null when it has none.</summary>
    public string? PeerCommonName { get; init; }

    /// <summary>Whether an earlier session was resumed.</summary>
    public bool IsResumed { get; init; }
}
