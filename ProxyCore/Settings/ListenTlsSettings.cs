namespace ProxyCore.Settings;

/// <summary>How an endpoint ends the TLS of its clients. Immutable.</summary>
/// <param name="Certificates">The certificates, at least one; the first is the default.</param>
/// <param name="Clients">Whether clients are asked for certificates; routes may say otherwise.</param>
/// <param name="Alpn">The application protocols, most wanted first.</param>
/// <param name="MinimumVersion">The oldest version that is spoken.</param>
/// <param name="HandshakeTimeout">How long the handshake may take.</param>
/// <param name="OnTruncation">What follows when a client ends without close_notify.</param>
/// <param name="UnknownName">What a client gets with a name that nothing has.</param>
internal sealed record ListenTlsSettings(
    ValueList<CertificateSettings> Certificates,
    ClientCertificateSettings Clients,
    ValueList<string> Alpn,
    TlsVersion MinimumVersion,
    TimeSpan HandshakeTimeout,
    TruncationAction OnTruncation,
    UnknownNameAction UnknownName);
