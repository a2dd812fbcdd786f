namespace ProxyCore.Connections;

/// <summary>
/// Picks from all connections of a loop those that are open longest and those that carry most bytes a second. Belongs to
/// the loop's thread, which it costs some 0.1 µs a connection.
/// </summary>
internal sealed class ConnectionSampler(RouteTable routes)
{
    private TimeSpan _last;

    /// <param name="now">The loop's time.</param>
    /// <param name="most">How many are picked at most, half of them for each cause.</param>
    internal IReadOnlyList<ConnectionSnapshot> Sample(TimeSpan now, int most)
    {
        // On top of each stands whoever is to go next.
        var busiest = new PriorityQueue<(Connection Connection, double Rate), double>();
        var oldest = new PriorityQueue<(Connection Connection, double Rate), long>();
        foreach (Connection connection in routes.Connections)
        {
            double rate = connection.TakeRate(_last, now);
            Keep(busiest, (connection, rate), rate, most - (most / 2));
            Keep(oldest, (connection, rate), -connection.Id, most / 2);
        }

        _last = now;
        return
        [
            .. busiest.UnorderedItems.Select(static item => item.Element)
                .Union(oldest.UnorderedItems.Select(static item => item.Element))
                .Select(static one => new ConnectionSnapshot { Report = one.Connection.Report(), BytesPerSecond = one.Rate }),
        ];
    }

    /// <summary>The same pick from what several loops have picked; the oldest first.</summary>
    internal static IReadOnlyList<ConnectionSnapshot> Pick(IReadOnlyList<ConnectionSnapshot> sampled, int most) =>
    [
        .. sampled.OrderByDescending(static one => one.BytesPerSecond).Take(most - (most / 2))
            .Union(sampled.OrderBy(static one => one.Report.Id).Take(most / 2))
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
