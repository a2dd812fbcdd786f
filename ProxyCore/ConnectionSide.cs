namespace ProxyCore;

/// <summary>One of the two ends of a connection.</summary>
public enum ConnectionSide
{
    /// <summary>Whoever connected to the proxy.</summary>
    Client,

    /// <summary>Whom the proxy connected to, or tried to.</summary>
    Upstream,
}
