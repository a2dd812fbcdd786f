namespace ProxyCore.Relay.Transports;

/// <summary>An implementation of TLS. Any thread.</summary>
internal abstract class TlsEngine
{
    /// <summary>Its name and version, as the log shows them.</summary>
    internal abstract string Description { get; }

    /// <summary>Makes what all connections share whose TLS is ended with one certificate, under one policy for clients.</summary>
    /// <exception cref="TlsException">The certificate, its key or a CA can't be used.</exception>
    internal abstract TlsContext CreateServerContext(TlsServerParameters parameters);

    /// <summary>Makes what all connections share that speak TLS to one upstream; their sessions are resumed.</summary>
    /// <exception cref="TlsException">A certificate, its key or a CA can't be used.</exception>
    internal abstract TlsContext CreateClientContext(TlsClientParameters parameters);

    /// <summary>Makes what all TLS connections of one loop share. It then belongs to that loop's thread.</summary>
    /// <param name="buffers">The buffers of the loop.</param>
    internal abstract TlsLoop CreateLoop(RelayBuffers buffers);
}
