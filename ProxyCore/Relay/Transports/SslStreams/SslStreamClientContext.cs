using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>How TLS is spoken to one upstream. Any thread.</summary>
internal sealed class SslStreamClientContext : SslStreamContext
{
    private readonly TlsClientParameters _parameters;
    private readonly SslStreamIdentity? _identity;
    private readonly X509ChainPolicy _chain;
    private readonly SslClientAuthenticationOptions _options;

    private SslStreamClientContext(
        TlsClientParameters parameters, PeerPolicy policy, SslStreamIdentity? identity, X509Certificate2Collection? roots)
        : base(policy, identity, roots)
    {
        // The key of the identity is cleared by its owner, and no connection needs it again.
        _parameters = parameters with { Identity = null };
        _identity = identity;

        // SslStream builds a chain though nobody asks: without CAs it does not look through those of the system.
        _chain = PeerPolicy.ChainOf(parameters.Verify ? roots : []);
        _options = OptionsFor(parameters.Alpn);
    }

    /// <exception cref="TlsException">A certificate, its key or a CA can't be used.</exception>
    internal static SslStreamClientContext Create(TlsClientParameters parameters)
    {
        X509Certificate2Collection? roots = parameters.Ca is { } ca ? CertificateLists.Load(ca, "the certificate of a CA") : null;
        SslStreamIdentity? identity;
        try
        {
            identity = parameters.Identity is null ? null : SslStreamIdentity.Create(parameters.Identity, clientCa: null);
        }
        catch (TlsException) when (roots is not null)
        {
            CertificateLists.Dispose(roots);
            throw;
        }

        var policy = new PeerPolicy
        {
            Peer = "upstream",
            Verifies = parameters.Verify,
            IsRequired = true,
            Name = parameters.ServerName ?? TextOf(parameters.Address),
            IsAddress = parameters.ServerName is null,
        };
        return new SslStreamClientContext(parameters, policy, identity, roots);
    }

    internal override Task AuthenticateAsync(SslStreamSession session, string? alpn) =>
        session.AuthenticateAsClientAsync(alpn is null ? _options : OptionsFor([alpn]));

    // Each session is kept under the name of its server, over all contexts with the same certificate. The certificate of a
    // resumed session is judged again, by the policy of the connection that resumes it.
    private SslClientAuthenticationOptions OptionsFor(IReadOnlyList<string> alpn) => new()
    {
        // SslStream sends no server name for an address, and verifies it.
        TargetHost = Policy.Name ?? string.Empty,
        ClientCertificateContext = _identity?.Context,
        RemoteCertificateValidationCallback = SslStreamSession.Judge,
        CertificateChainPolicy = _chain,
        ApplicationProtocols = alpn.Count == 0 ? null : [.. alpn.Select(static name => new SslApplicationProtocol(name))],
        EnabledSslProtocols = VersionsFrom(_parameters.MinimumVersion),
        AllowRenegotiation = false,
    };

    /// <summary>A mapped address is the IPv4 address in it, as certificates have it.</summary>
    private static string? TextOf(IPAddress? address) => (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();
}
