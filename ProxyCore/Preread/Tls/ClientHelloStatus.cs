namespace ProxyCore.Preread.Tls;

/// <summary>What the bytes received so far are.</summary>
internal enum ClientHelloStatus
{
    /// <summary>The beginning of what may become a valid ClientHello.</summary>
    NeedMore,

    /// <summary>Another protocol than TLS.</summary>
    NotTls,

    /// <summary>A whole, valid ClientHello, and perhaps bytes after it.</summary>
    Complete,

    /// <summary>TLS, but not a valid ClientHello, whatever follows.</summary>
    Invalid,
}
