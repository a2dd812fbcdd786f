namespace ProxyCore.Connections;

/// <summary>
/// Picks, of all connections of a loop, the oldest and those that carry most bytes a second. Belongs to the loop's thread.
/// </summary>
internal sealed class ConnectionSample
{
    private readonly ConnectionSampler _sampler;
    private readonly int _most;
    private readonly int _mostBusy;
    private readonly Dictionary<long, ConnectionSampler.Seen> _seen;

    // At the head of each is the connection to drop when a better one is found. The oldest may be among the busiest: so as many are
    // kept as are wanted in all, and quiet connections do not make the sample smaller.
    private readonly PriorityQueue<(Connection Connection, double Rate), double> _busiest = new();
    private readonly PriorityQueue<(Connection Connection, double Rate), long> _oldest = new();

    /// <param name="sampler">Remembers what was seen before.</param>
    /// <param name="most">The most connections to pick: half of them the busiest, the others the oldest.</param>
    /// <param name="seen">Where it notes what it sees.</param>
    internal ConnectionSample(ConnectionSampler sampler, int most, Dictionary<long, ConnectionSampler.Seen> seen)
    {
        _sampler = sampler;
        _most = most;
        _mostBusy = most - (most / 2);
        _seen = seen;
    }

    internal void Look(Connection connection)
    {
        ConnectionSampler.Seen now = _sampler.Look(connection);
        _seen[connection.Id] = now;
        Keep(_busiest, (connection, now.Rate), now.Rate, _mostBusy);
        Keep(_oldest, (connection, now.Rate), -connection.Id, _most);
    }

    /// <summary>Ends it: those that it has picked and that are still open.</summary>
    internal IReadOnlyList<ConnectionSnapshot> End()
    {
        _sampler.Keep(_seen);
        return
        [
            .. _busiest.UnorderedItems.Select(static item => item.Element)
                .Union(_oldest.UnorderedItems.OrderByDescending(static item => item.Priority).Select(static item => item.Element))
                .Take(_most)
                .Where(static one => one.Connection.Phase != ConnectionPhase.Closed)
                .Select(static one => ConnectionSampler.SnapshotOf(one.Connection, one.Rate)),
        ];
    }

    /// <summary>Picks in the same way from the connections that several loops have picked; the oldest first.</summary>
    internal static IReadOnlyList<ConnectionSnapshot> Pick(IReadOnlyList<ConnectionSnapshot> sampled, int most) =>
    [
        .. sampled.OrderByDescending(static one => one.BytesPerSecond).Take(most - (most / 2))
            .Union(sampled.OrderBy(static one => one.Report.Id))
            .Take(most)
            .OrderBy(static one => one.Report.Id),
    ];

    private static void Keep<T, TPriority>(PriorityQueue<T, TPriority> queue, T one, TPriority priority, int most)
    {
        if (queue.Count < most)
        {
            queue.Enqueue(one, priority);
        }
        else if (most > 0)
        {
            queue.EnqueueDequeue(one, priority);
        }
    }
}
