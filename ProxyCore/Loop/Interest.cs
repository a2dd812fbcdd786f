namespace ProxyCore.Loop;

/// <summary>What a watched socket is waited for; also, what it turned out to be ready for.</summary>
[Flags]
internal enum Interest : byte
{
    /// <summary>Attached, but not waited for.</summary>
    None = 0,

    /// <summary>Bytes, a connection to accept, end of stream, or a reset to be learned by reading.</summary>
    Read = 1,

    /// <summary>Room in the send buffer, or a reset to be learned by writing.</summary>
    Write = 2,

    /// <summary>The outcome of a non-blocking connect, good or bad.</summary>
    Connect = 4,

    /// <summary>
    /// A reset by the peer, while its bytes are not read. Never together with others: they learn of a reset themselves.
    /// Windows does not report it.
    /// </summary>
    Reset = 8,
}
