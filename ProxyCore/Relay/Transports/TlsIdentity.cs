namespace ProxyCore.Relay.Transports;

/// <summary>A certificate with its key. Whoever makes it clears the key once the context is made.</summary>
/// <param name="Chain">The certificate, then those that have issued it, each as DER.</param>
/// <param name="Key">The private key, as DER of PKCS #8.</param>
internal sealed record TlsIdentity(IReadOnlyList<ReadOnlyMemory<byte>> Chain, ReadOnlyMemory<byte> Key);
