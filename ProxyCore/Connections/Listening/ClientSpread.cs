namespace ProxyCore.Connections.Listening;

/// <summary>How clients are distributed over the loops of a proxy.</summary>
internal enum ClientSpread
{
    /// <summary>Every loop has a listener of its own on the same address, and the system chooses among them.</summary>
    OwnListeners,

    /// <summary>One loop accepts and hands the clients to all loops in turn.</summary>
    HandOver,
}
