namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>What the bytes received so far are.</summary>
internal enum ProxyHeaderStatus
{
    /// <summary>The beginning of what may become a valid header.</summary>
    NeedMore,

    /// <summary>A whole, valid header, and perhaps bytes after it.</summary>
    Complete,

    /// <summary>Not a valid header, whatever follows.</summary>
    Invalid,
}
