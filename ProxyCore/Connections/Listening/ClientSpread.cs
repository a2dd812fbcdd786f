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

    /// <summary>Returns the listeners of <paramref name="endpoint"/> for all <paramref name="shards"/>, bound.</summary>
    /// <param name="shards">Whose loops are to get the clients.</param>
    /// <param name="route">Where the clients are to go.</param>
    /// <param name="endpoint">Where to listen.</param>
    /// <param name="spread">How.</param>
    /// <param name="leaving">Listeners that are closed when these are opened: in the way of none of them.</param>
    /// <exception cref="ListenException">It can't be listened on; nothing stays open.</exception>
    internal static IReadOnlyList<Listener> Bind(
        IReadOnlyList<Shard> shards, Route route, ProxyEndpoint endpoint, ClientSpread spread, IReadOnlyList<Listener> leaving)
    {
        List<Listener> bound = [.. Listener.Bind(shards[0], route, endpoint, leaving)];
        try
        {
            foreach (Listener first in bound.ToArray())
            {
                if (spread == ClientSpread.HandOver || !TryShare(first, shards, bound))
                {
                    first.HandTo(shards);
                }
            }

            return bound;
        }
        catch
        {
            bound.ForEach(static listener => listener.Discard());
            throw;
        }
    }

    private static bool TryShare(Listener first, IReadOnlyList<Shard> shards, List<Listener> bound)
    {
        foreach (Shard shard in shards.Skip(1))
        {
            if (first.TryShare(shard) is not { } own)
            {
                return false;
            }

            bound.Add(own);
        }

        return true;
    }
}
