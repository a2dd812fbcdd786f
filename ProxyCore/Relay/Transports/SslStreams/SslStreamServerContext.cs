using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>One certificate under one policy for clients. Any thread.</summary>
internal sealed class SslStreamServerContext : SslStreamContext
{
    private readonly SslServerAuthenticationOptions _options;

    private SslStreamServerContext(
        SslServerAuthenticationOptions options, PeerPolicy policy, SslStreamIdentity identity, X509Certificate2Collection? roots)
        : base(policy, identity, roots) => _options = options;

    /// <exception cref="TlsException">The certificate, its key or a CA can't be used.</exception>
    internal static SslStreamServerContext Create(TlsServerParameters parameters)
    {
        bool asks = parameters.ClientCertificates != ClientCertificateMode.None;
        X509Certificate2Collection? roots = asks ? CertificateLists.Load(parameters.ClientCa, "the certificate of a CA") : null;
        SslStreamIdentity identity;
        try
        {
            identity = SslStreamIdentity.Create(parameters.Identity, roots);
        }
        catch (TlsException) when (roots is not null)
        {
            CertificateLists.Dispose(roots);
            throw;
        }

        var policy = new PeerPolicy
        {
            Peer = "client",
            Verifies = asks,
            IsRequired = parameters.ClientCertificates == ClientCertificateMode.Required,
        };
        return new SslStreamServerContext(OptionsFor(parameters, identity, roots), policy, identity, roots);
    }

    internal override Task AuthenticateAsync(SslStreamSession session, string? alpn) => session.AuthenticateAsServerAsync(_options);

    private static SslServerAuthenticationOptions OptionsFor(
        TlsServerParameters parameters, SslStreamIdentity identity, X509Certificate2Collection? roots) => new()
        {
            ServerCertificateContext = identity.Context,
            ClientCertificateRequired = roots is not null,
            RemoteCertificateValidationCallback = roots is null ? null : SslStreamSession.Judge,
            CertificateChainPolicy = roots is null ? null : PeerPolicy.ChainOf(roots),
            ApplicationProtocols = parameters.Alpn.Count == 0 ? null : [.. parameters.Alpn.Select(static name => new SslApplicationProtocol(name))],
            EnabledSslProtocols = VersionsFrom(parameters.MinimumVersion),
            AllowRenegotiation = false,

            // .NET keeps the keys of tickets by certificate, over all contexts: what one policy has accepted could be resumed
            // under another. Without resumption each connection has keys of its own.
            AllowTlsResume = roots is null,
        };
}
