namespace ProxyCore.Connections;

/// <summary>A search through the connections of one loop, which keeps those with the lowest ids. Belongs to the loop's thread.</summary>
/// <param name="match">Which connections.</param>
/// <param name="after">Only those with a higher id are kept.</param>
/// <param name="most">How many are kept.</param>
/// <param name="sampler">Knows how many bytes a second they carry.</param>
internal sealed class ConnectionSearch(ConnectionMatch match, long after, int most, ConnectionSampler sampler)
{
    // At the head is the connection to drop when an older one is found.
    private readonly PriorityQueue<Connection, long> _kept = new();

    /// <summary>How many connections it has found, with those before <c>after</c>.</summary>
    internal int Matching { get; private set; }

    /// <summary>How many it has found behind those that it keeps.</summary>
    internal int Further { get; private set; }

    internal void Look(Connection connection)
    {
        if (!match.Matches(connection))
        {
            return;
        }

        Matching++;
        if (connection.Id <= after)
        {
            return;
        }

        if (_kept.Count < most)
        {
            _kept.Enqueue(connection, -connection.Id);
        }
        else
        {
            Further++;
            _kept.EnqueueDequeue(connection, -connection.Id);
        }
    }

    /// <summary>Those that it has kept and that are still open.</summary>
    internal IReadOnlyList<ConnectionSnapshot> Take() =>
    [
        .. _kept.UnorderedItems.Select(static item => item.Element)
            .Where(static connection => connection.Phase != ConnectionPhase.Closed)
            .Select(sampler.SnapshotOf),
    ];
}
