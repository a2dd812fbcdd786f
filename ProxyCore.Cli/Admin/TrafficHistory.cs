namespace ProxyCore.Cli.Admin;

/// <summary>
/// The figures of the last hour, so that a page that is loaded has its plots at once. It reads counters, on a thread of the
/// pool: the loops are not asked. Any thread.
/// </summary>
internal sealed class TrafficHistory : IDisposable
{
    /// <summary>From one point to the next.</summary>
    internal static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private const int MostPoints = 720;

    private readonly Func<TcpProxy?> _proxy;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Queue<HistoryPoint> _points = new();

    /// <param name="proxy">The proxy, once it has been started.</param>
    /// <param name="clock">The clock.</param>
    internal TrafficHistory(Func<TcpProxy?> proxy, TimeProvider clock)
    {
        _proxy = proxy;
        _timer = clock.CreateTimer(static history => _ = ((TrafficHistory)history!).NoteAsync(), this, Step, Step);
    }

    internal HistoryView Read()
    {
        lock (_gate)
        {
            return HistoryView.Of(Step, [.. _points]);
        }
    }

    public void Dispose() => _timer.Dispose();

    private async Task NoteAsync()
    {
        if (_proxy() is not { } running)
        {
            return;
        }

        // Without connections the loops have no part in it.
        HistoryPoint point = HistoryPoint.Of(await running.GetSnapshotAsync(mostConnections: 0));
        lock (_gate)
        {
            if (_points.Count == MostPoints)
            {
                _points.Dequeue();
            }

            _points.Enqueue(point);
        }
    }
}
