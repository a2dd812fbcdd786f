namespace ProxyCore;

/// <summary>Which connections share the rate of a <see cref="BandwidthOptions"/>.</summary>
public enum BandwidthScope
{
    /// <summary>None: each connection has the rate for itself.</summary>
    Connection,

    /// <summary>All connections of one client address. Clients of a Unix socket count as one.</summary>
    Client,

    /// <summary>All connections of the route.</summary>
    Route,
}
