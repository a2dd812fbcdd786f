namespace ProxyCore.Connections.Listening;

/// <summary>How clients come to the several loops of a proxy.</summary>
internal enum ClientSpread
{
    /// <summary>Every loop has a listener of its own on the same address, and the system chooses among them.</summary>
    OwnListeners,

    /// <summary>One loop accepts and hands the clients to all in turn.</summary>
    HandOver,
}

/// <summary>Binds the listeners of the loops: the one place that decides how clients are spread over them.</summary>
/// <param name="shards">Whose loops are to get the clients.</param>
/// <param name="spread">How.</param>
/// <param name="inherited">Sockets that listen already.</param>
/// <param name="leaving">Listeners that are closed when these are opened: in the way of none of them.</param>
internal sealed class ClientSpreading(
    IReadOnlyList<Shard> shards, ClientSpread spread, InheritedSockets inherited, IReadOnlyList<Listener> leaving)
{
    /// <summary>
    /// Own listeners need a system that spreads clients over them. Linux does since 3.9 (socket(7), SO_REUSEPORT);
    /// macOS has the option and gives nearly all to one; Windows has none.
    /// </summary>
    internal static ClientSpread OfThisSystem =>
        OperatingSystem.IsLinux() ? ClientSpread.OwnListeners : ClientSpread.HandOver;

    /// <summary>Returns the listeners of <paramref name="endpoint"/> for all shards, bound.</summary>
    /// <exception cref="ListenException">It can't be listened on; nothing stays open.</exception>
    internal IReadOnlyList<Listener> Bind(Route route, ProxyEndpoint endpoint)
    {
        List<Listener> bound = [.. Listener.Inherit(shards[0], route, endpoint, inherited)];

        // Clients in the queue of a listener that the proxy has opened are reset when it ends; those in the queue of an
        // inherited one are the next process's. So that one is the only queue.
        bool isInherited = bound.Count > 0;
        if (!isInherited)
        {
            bound.AddRange(Listener.Bind(shards[0], route, endpoint, leaving));
        }

        try
        {
            foreach (Listener first in bound.ToArray())
            {
                if (isInherited || spread == ClientSpread.HandOver || !TryShare(first, bound))
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

    private bool TryShare(Listener first, List<Listener> bound)
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
