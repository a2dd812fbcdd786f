using ProxyCore.Connections.Reporting;
using ProxyCore.Loop;

namespace ProxyCore.Connections;

/// <summary>
/// Picks, of all connections of a loop, the oldest and those that carry most bytes a second. Belongs to the loop's thread,
/// and costs it some 0.1 µs a connection.
/// </summary>
/// <remarks>
/// It remembers the bytes of each connection from one call to the next, and forgets them 30 s after the last call. A field
/// in each connection would cost memory all the time.
/// </remarks>
internal sealed class ConnectionSampler
{
    private static readonly TimeSpan _memory = TimeSpan.FromSeconds(30);

    private readonly SelectLoop _loop;
    private readonly RouteTable _routes;
    private readonly CallbackTimer _forget;
    private Dictionary<long, long> _bytes = [];
    private TimeSpan _last;

    internal ConnectionSampler(ILoopMember owner, SelectLoop loop, RouteTable routes)
    {
        _loop = loop;
        _routes = routes;
        _forget = new CallbackTimer(owner, () => _bytes = []);
    }

    /// <param name="most">The most connections to pick: half of them the busiest, half the oldest.</param>
    internal IReadOnlyList<ConnectionSnapshot> Sample(int most)
    {
        // At the head of each is the connection to drop when a better one is found.
        var busiest = new PriorityQueue<(Connection Connection, double Rate), double>();
        var oldest = new PriorityQueue<(Connection Connection, double Rate), long>();
        var bytes = new Dictionary<long, long>(_bytes.Count);
        TimeSpan sinceLast = _loop.Now - _last;
        foreach (Connection connection in _routes.Connections)
        {
            double rate = RateOf(connection, sinceLast);
            bytes.Add(connection.Id, BytesOf(connection));
            Keep(busiest, (connection, rate), rate, most - (most / 2));
            Keep(oldest, (connection, rate), -connection.Id, most / 2);
        }

        _bytes = bytes;
        _last = _loop.Now;
        _loop.Arm(_forget, _memory);
        return
        [
            .. busiest.UnorderedItems.Select(static item => item.Element)
                .Union(oldest.UnorderedItems.Select(static item => item.Element))
                .Select(static one => new ConnectionSnapshot { Report = ConnectionEvents.ReportOf(one.Connection), BytesPerSecond = one.Rate }),
        ];
    }

    /// <summary>Picks in the same way from the connections that several loops have picked; the oldest first.</summary>
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

    private static long BytesOf(Connection connection) => connection.BytesToUpstream + connection.BytesToClient;

    /// <summary>Bytes a second since the last call, or since the connection was accepted.</summary>
    private double RateOf(Connection connection, TimeSpan sinceLast)
    {
        bool wasSeen = _bytes.TryGetValue(connection.Id, out long before);
        TimeSpan time = wasSeen ? sinceLast : connection.Age;
        return time > TimeSpan.Zero ? (BytesOf(connection) - before) / time.TotalSeconds : 0;
    }
}
