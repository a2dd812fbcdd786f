using ProxyCore.Settings;

namespace ProxyCore.Certificates;

/// <summary>
/// Chooses among the certificates of a listener by server name: one with exactly this name, before one with a wildcard, before
/// the first. Of several with the same name the first counts. Immutable; any thread. A choice allocates nothing.
/// </summary>
/// <remarks>A wildcard stands for one label, as it does for clients (RFC 9525, section 6.3); those of routes stand for several.</remarks>
internal sealed class CertificateSet
{
    private readonly Dictionary<string, int> _exact = new(StringComparer.Ordinal);

    // By what follows the first label: .b.example for *.b.example.
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _wildcards;

    /// <param name="certificates">The certificates, at least one; the first is the default.</param>
    internal CertificateSet(params IReadOnlyList<LoadedCertificate> certificates)
    {
        Certificates = certificates;
        var wildcards = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((int index, LoadedCertificate certificate) in certificates.Index())
        {
            foreach (string name in certificate.Names)
            {
                _ = name.StartsWith(ServerName.WildcardPrefix, StringComparison.Ordinal)
                    ? wildcards.TryAdd(name[1..], index)
                    : _exact.TryAdd(name, index);
            }
        }

        _wildcards = wildcards.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The certificates.</summary>
    internal IReadOnlyList<LoadedCertificate> Certificates { get; }

    /// <summary>Finds the certificate for a client.</summary>
    /// <param name="serverName">The name that it asks for, in normal form; null for none.</param>
    /// <returns>The index of the certificate; 0 when none has the name.</returns>
    internal int Find(string? serverName) => TryFind(serverName, out int index) ? index : 0;

    /// <summary>Whether a certificate has a name.</summary>
    /// <param name="serverName">The name, in normal form; null for none.</param>
    internal bool HasName(string? serverName) => TryFind(serverName, out _);

    private bool TryFind(string? serverName, out int index)
    {
        index = 0;
        if (serverName is null)
        {
            return false;
        }

        int dot = serverName.IndexOf('.', StringComparison.Ordinal);
        return _exact.TryGetValue(serverName, out index) || (dot > 0 && _wildcards.TryGetValue(serverName.AsSpan(dot), out index));
    }
}
