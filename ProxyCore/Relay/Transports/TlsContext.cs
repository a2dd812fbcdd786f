namespace ProxyCore.Relay.Transports;

/// <summary>
/// What many TLS connections share: certificate, policy, sessions. Immutable; any thread. One that nobody has any more is freed
/// by the garbage collector. Connections that are open when it is disposed go on; none may begin with it afterwards.
/// </summary>
internal abstract class TlsContext : IDisposable
{
    /// <summary>Frees it, and its private key, once the last of its connections has ended.</summary>
    public abstract void Dispose();
}
