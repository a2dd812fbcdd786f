using ProxyCore.Connections.Reporting;
using ProxyCore.Loop;

namespace ProxyCore.Connections.Statistics;

/// <summary>
/// Picks from all connections of a loop those that are open longest and those that carry most bytes a second. Belongs to
/// the loop's thread, which it costs some 0.1 µs a connection.
/// </summary>
/// <remarks>
/// What it saw is kept here, and forgotten when nobody asks any more: in the connections it would cost each of them
/// memory for ever.
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

    /// <param name="most">How many are picked at most, half of them for each cause.</param>
    internal IReadOnlyList<ConnectionSnapshot> Sample(int most)
    {
        // On top of each stands whoever is to go next.
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

    private static long BytesOf(Connection connection) => connection.BytesToUpstream + connection.BytesToClient;

    /// <summary>Bytes a second since it was seen last, or since it came.</summary>
    private double RateOf(Connection connection, TimeSpan sinceLast)
    {
        bool wasSeen = _bytes.TryGetValue(connection.Id, out long before);
        TimeSpan time = wasSeen ? sinceLast : connection.Age;
        return time > TimeSpan.Zero ? (BytesOf(connection) - before) / time.TotalSeconds : 0;
    }
}
