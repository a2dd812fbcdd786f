namespace ProxyCore;

/// <summary>How TLS is spoken to an upstream.</summary>
/// <remarks>Health checks speak it too. A handshake that fails is a failed connect: the next upstream is tried.</remarks>
public sealed class UpstreamTlsOptions
{
    /// <summary>The protocol in <see cref="Alpn"/> that stands for the one that the client has agreed on.</summary>
    public const string ClientAlpn = "Client";

    /// <summary>
    /// The name that the upstream is asked for, and that its certificate must have. Default null: the host in the upstream's
    /// address, or of a server that a source has found; an IP address is verified and not asked for.
    /// </summary>
    public string? ServerName { get; set; }

    /// <summary>The PEM file with the certificates that may have issued the upstream's. Default null: those that the system trusts.</summary>
    public string? Ca { get; set; }

    /// <summary>Whether the upstream's certificate is verified. Default true. Without it anybody on the way can read and change the bytes.</summary>
    public bool Verify { get; set; } = true;

    /// <summary>The certificate that the upstream gets when it asks for one. Default null: none.</summary>
    public CertificateOptions? Certificate { get; set; }

    /// <summary>
    /// The application protocols to offer, most wanted first; <see cref="ClientAlpn"/> alone offers the one that the client
    /// has agreed on with the proxy, if any. Default none.
    /// </summary>
    public IList<string> Alpn { get; private set; } = [];

    /// <summary>The oldest version that is spoken. Default <see cref="TlsVersion.Tls12"/>.</summary>
    public TlsVersion MinimumVersion { get; set; }

    /// <summary>How the upstream is asked for TLS. Default <see cref="StartTlsMode.None"/>.</summary>
    public StartTlsMode StartTls { get; set; }

    /// <summary>What follows when the upstream ends with a FIN and no close_notify. Default <see cref="TruncationAction.Tolerate"/>.</summary>
    public TruncationAction OnTruncation { get; set; }

    /// <summary>The same options in an object of its own.</summary>
    internal UpstreamTlsOptions Copy()
    {
        var copy = (UpstreamTlsOptions)MemberwiseClone();
        copy.Certificate = Certificate?.Copy();
        copy.Alpn = [.. Alpn];
        return copy;
    }
}
