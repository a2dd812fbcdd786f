using ProxyCore.Relay.Transports;

namespace ProxyCore.Connections.Encrypting;

/// <summary>What a handshake with an upstream came to.</summary>
/// <param name="Transport">TLS to the upstream, which now belongs to the receiver of the outcome; null after a failure.</param>
/// <param name="Cause">Why it failed, in words; null when it did not.</param>
internal readonly record struct HandshakeOutcome(TlsTransport? Transport, string? Cause);
