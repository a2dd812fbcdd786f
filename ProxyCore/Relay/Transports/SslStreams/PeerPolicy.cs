using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>Which certificates of the peer a context accepts. Immutable; any thread.</summary>
/// <remarks>
/// SslStream asks it for resumed sessions too, with the certificate of the session: one that was made under another policy is
/// judged by this one.
/// </remarks>
internal sealed class PeerPolicy
{
    /// <summary>The policy that takes any peer.</summary>
    internal static PeerPolicy None { get; } = new() { Peer = "peer", Verifies = false, IsRequired = false };

    /// <summary>What the causes call the peer.</summary>
    internal required string Peer { get; init; }

    /// <summary>Whether the certificate is verified at all.</summary>
    internal required bool Verifies { get; init; }

    /// <summary>Whether there must be one.</summary>
    internal required bool IsRequired { get; init; }

    /// <summary>The name or address that the certificate must have; null for any.</summary>
    internal string? Name { get; init; }

    /// <summary>Whether <see cref="Name"/> is an address.</summary>
    internal bool IsAddress { get; init; }

    /// <summary>How a chain is built: nothing is fetched and nothing asked, for the loop's thread does it.</summary>
    /// <param name="roots">The CAs that are trusted; null for those of the system.</param>
    internal static X509ChainPolicy ChainOf(X509Certificate2Collection? roots)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (roots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        return policy;
    }

    /// <summary>Judges what SslStream has found; <paramref name="cause"/> is why the peer is refused.</summary>
    internal bool Accepts(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, out string? cause)
    {
        cause = null;
        if (!Verifies)
        {
            return true;
        }

        if (certificate is null)
        {
            cause = IsRequired ? $"the {Peer} sent no certificate" : null;
        }
        else if ((errors & SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            cause = Explain(certificate, chain);
        }
        else if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0 && Name is not null)
        {
            cause = IsAddress ? $"the certificate is not for the address {Name}" : $"the certificate is not for the name '{Name}'";
        }

        return cause is null;
    }

    private static string Explain(X509Certificate certificate, X509Chain? chain)
    {
        X509ChainStatusFlags all = X509ChainStatusFlags.NoError;
        foreach (X509ChainStatus status in chain?.ChainStatus ?? [])
        {
            all |= status.Status;
        }

        return all switch
        {
            _ when Has(X509ChainStatusFlags.NotTimeValid) => IsYetToBegin(certificate) ? "the certificate is not valid yet" : "the certificate has expired",
            _ when Has(X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain) =>
                $"the certificate is from no trusted CA ({all})",
            _ when Has(X509ChainStatusFlags.NotValidForUsage) => "the certificate is not made for this purpose",
            _ => $"the certificate does not verify ({all})",
        };

        bool Has(X509ChainStatusFlags flags) => (all & flags) != 0;
    }

    // The chain was built against the system's clock.
    private static bool IsYetToBegin(X509Certificate certificate) =>
        certificate is X509Certificate2 { NotBefore: var begin } && begin.ToUniversalTime() > TimeProvider.System.GetUtcNow().UtcDateTime;
}
