namespace ProxyCore.Relay.Transports;

/// <summary>How far a TLS handshake is.</summary>
internal enum HandshakeStatus : byte
{
    /// <summary>It needs the socket to be ready again.</summary>
    NeedMore,

    /// <summary>Bytes may flow.</summary>
    Done,

    /// <summary>One of the two sides has refused the other, or the peer has ended with a FIN.</summary>
    Failed,

    /// <summary>The peer has reset the connection, or can't be reached any more.</summary>
    Reset,
}
