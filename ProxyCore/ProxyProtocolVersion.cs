namespace ProxyCore;

/// <summary>The form of the PROXY protocol header that is sent to an upstream.</summary>
public enum ProxyProtocolVersion
{
    /// <summary>Version 1: one line of text with the two addresses, at most 107 bytes. It carries nothing else.</summary>
    V1 = 1,

    /// <summary>Version 2: binary. It can carry more than the addresses: <see cref="ProxyTlvs"/>.</summary>
    V2 = 2,
}
