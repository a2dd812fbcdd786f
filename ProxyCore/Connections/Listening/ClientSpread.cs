namespace ProxyCore.Connections.Listening;

/// <summary>How clients are distributed over the loops of a proxy.</summary>
internal enum ClientSpread
{
    /// <summary>Every loop has a listener of its own on the same address, and the system chooses among them.</summary>
    OwnListeners,

    /// <summary>One loop accepts and hands the clients to all loops in turn.</summary>
    HandOver,
}

/// <summary>Which way of distribution fits the system.</summary>
internal static class ClientSpreading
{
    /// <summary>
    /// Own listeners need a system that distributes clients over them. Linux does since 3.9 (socket(7), SO_REUSEPORT);
    /// macOS has the option and gives nearly all clients to one listener; Windows has no such option.
    /// </summary>
    internal static ClientSpread OfThisSystem =>
        OperatingSystem.IsLinux() ? ClientSpread.OwnListeners : ClientSpread.HandOver;
}
