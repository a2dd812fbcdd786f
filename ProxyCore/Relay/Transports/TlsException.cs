namespace ProxyCore.Relay.Transports;

/// <summary>A certificate, a key or a CA can't be used for TLS. The message is one line, and has no part of a key.</summary>
internal sealed class TlsException(string message, Exception? inner = null) : Exception(message, inner);
