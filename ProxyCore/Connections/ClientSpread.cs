namespace ProxyCore.Connections;

/// <summary>How clients come to the several loops of a proxy.</summary>
internal enum ClientSpread
{
    /// <summary>Every loop has a listener of its own on the same address, and the system chooses among them.</summary>
    OwnListeners,

    /// <summary>One loop accepts and hands the clients to all in turn.</summary>
    HandOver,
}

/// <summary>Binds the listeners of the loops: the one place that decides how clients are spread over them.</summary>
internal static class ClientSpreading
{
    /// <summary>
    /// Own listeners need a system that spreads clients over them. Linux does since 3.9 (socket(7), SO_REUSEPORT);
    /// macOS has the option and gives nearly all to one; Windows has none.
    /// </summary>
    internal static ClientSpread OfThisSystem =>
        OperatingSystem.IsLinux() ? ClientSpread.OwnListeners : ClientSpread.HandOver;

    /// <summary>Binds <paramref name="endpoint"/> for all <paramref name="shards"/>; what is bound belongs to them.</summary>
    /// <exception cref="ListenException">It can't be listened on; what other endpoints have bound stays open.</exception>
    internal static void Bind(IReadOnlyList<Shard> shards, Route route, ProxyEndpoint endpoint, ClientSpread spread)
    {
        IReadOnlyList<Listener> first = shards[0].Listeners.Bind(route, endpoint);
        foreach (Listener listener in first)
        {
            if (spread == ClientSpread.HandOver || !shards.Skip(1).All(shard => shard.Listeners.TryShare(listener)))
            {
                listener.HandTo(shards);
            }
        }
    }
}
