namespace ProxyCore;

/// <summary>How an endpoint ends the TLS of its clients.</summary>
/// <remarks>A client that does not begin with TLS is refused. Early data (0-RTT) is never accepted. Revocation lists are not read.</remarks>
public sealed class ListenTlsOptions
{
    /// <summary>
    /// The certificates, at least one. A client gets the first that has the server name it asks for, an exact name before a
    /// wildcard; without a name, or with one that none has, the first of all.
    /// </summary>
    public IList<CertificateOptions> Certificates { get; private set; } = [];

    /// <summary>Whether clients are asked for a certificate. A route may say otherwise for its clients. Default <see cref="ClientCertificateMode.None"/>.</summary>
    public ClientCertificateMode ClientCertificates { get; set; }

    /// <summary>
    /// The PEM file with the certificates that may have issued those of clients. Default null; required where
    /// clients are asked for one.
    /// </summary>
    public string? ClientCa { get; set; }

    /// <summary>
    /// The application protocols, most wanted first, as <c>h2</c>. A client that offers only others is refused. Default none:
    /// none is agreed on.
    /// </summary>
    public IList<string> Alpn { get; private set; } = [];

    /// <summary>The oldest version that is spoken. Default <see cref="TlsVersion.Tls12"/>.</summary>
    public TlsVersion MinimumVersion { get; set; }

    /// <summary>How long the handshake may take, from the end of the hello. Default 10 s; more than zero, up to 365 days.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What follows when a client ends with a FIN and no close_notify. Default <see cref="TruncationAction.Tolerate"/>.</summary>
    public TruncationAction OnTruncation { get; set; }

    /// <summary>
    /// What a client gets whose server name neither a route nor a certificate has; decided before
    /// <see cref="ListenOptions.OnNoRoute"/>. Default <see cref="UnknownNameAction.Default"/>.
    /// </summary>
    public UnknownNameAction UnknownName { get; set; }

    /// <summary>The same options in an object of its own.</summary>
    internal ListenTlsOptions Copy()
    {
        var copy = (ListenTlsOptions)MemberwiseClone();
        copy.Certificates = [.. Certificates.Select(static certificate => certificate?.Copy()!)];
        copy.Alpn = [.. Alpn];
        return copy;
    }
}
