namespace ProxyCore.Cli.Logging;

/// <summary>
/// Log lines on their way from any thread to the one that writes them. It is bounded: lines that do not fit are dropped and
/// counted, and the writer reports how many. Enqueuing never writes and never waits for a write. Any thread.
/// </summary>
/// <remarks>
/// .NET's console logger has such a queue too, but it closes that at the first write that fails: from then on each line is
/// written by the thread that logs it, which here may be the thread of a loop.
/// </remarks>
internal sealed class LogQueue : IDisposable
{
    internal const int Capacity = 2500;

    // Output that is stalled ends no process: what is written after this time is lost.
    private static readonly TimeSpan _stopTimeout = TimeSpan.FromSeconds(1.5);

    private readonly Lock _gate = new();
    private readonly Queue<Entry> _entries = new();
    private readonly SemaphoreSlim _mayWrite = new(0);
    private readonly TryWrite _write;
    private readonly Func<long, string> _formatLoss;
    private readonly Thread _writer;
    private long _dropped;
    private bool _isDropping;
    private bool _isWriterWaiting;
    private bool _isClosed;

    // The writer's own: lines that a write has failed for since the last report.
    private long _unwritten;

    /// <param name="write">Writes a line; called by the queue's thread only, and may block it.</param>
    /// <param name="formatLoss">The line that reports so many lost lines.</param>
    internal LogQueue(TryWrite write, Func<long, string> formatLoss)
    {
        _write = write;
        _formatLoss = formatLoss;
        _writer = new Thread(WriteAll) { IsBackground = true, Name = "ProxyCore log" };
        _writer.UnsafeStart();
    }

    /// <summary>Writes a line, which ends with a line feed; false when it was not written, or not all of it.</summary>
    internal delegate bool TryWrite(string line);

    /// <summary>Hands over a line. After the queue is closed, lines are dropped.</summary>
    internal void Enqueue(string line)
    {
        bool wake;
        lock (_gate)
        {
            if (_isClosed || !HasRoom())
            {
                _dropped++;
                return;
            }

            _entries.Enqueue(new Entry(line, _dropped));
            _dropped = 0;
            wake = TakeWaiting();
        }

        if (wake)
        {
            _mayWrite.Release();
        }
    }

    /// <summary>Writes what is queued, for a short time at most.</summary>
    public void Dispose()
    {
        bool wake;
        lock (_gate)
        {
            _isClosed = true;
            wake = TakeWaiting();
        }

        if (wake)
        {
            _mayWrite.Release();
        }

        // The semaphore is not disposed of: a writer that is stalled may come back to it.
        _writer.Join(_stopTimeout);
    }

    // Once it is full, it takes nothing until half of it is written: one gap of many lines, and one report of it, instead of
    // a gap and a report after each line.
    private bool HasRoom()
    {
        _isDropping = _isDropping ? _entries.Count > Capacity / 2 : _entries.Count >= Capacity;
        return !_isDropping;
    }

    private bool TakeWaiting()
    {
        bool waited = _isWriterWaiting;
        _isWriterWaiting = false;
        return waited;
    }

    private void WriteAll()
    {
        while (TryTake(out Entry entry))
        {
            Write(entry);
        }

        if (_unwritten > 0)
        {
            _write(_formatLoss(_unwritten));
        }
    }

    /// <summary>Waits for the next entry; false when the queue is closed and empty.</summary>
    private bool TryTake(out Entry entry)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_entries.TryDequeue(out entry))
                {
                    return true;
                }

                if (_dropped > 0)
                {
                    // No line has come since that could carry the report.
                    entry = new Entry(null, _dropped);
                    _dropped = 0;
                    return true;
                }

                if (_isClosed)
                {
                    return false;
                }

                _isWriterWaiting = true;
            }

            _mayWrite.Wait();
        }
    }

    private void Write(Entry entry)
    {
        _unwritten += entry.DroppedBefore;
        if (_unwritten > 0 && _write(_formatLoss(_unwritten)))
        {
            _unwritten = 0;
        }

        if (entry.Line is not null && (_unwritten > 0 || !_write(entry.Line)))
        {
            _unwritten++;
        }
    }

    /// <param name="Line">The line; null when there is only a loss to report.</param>
    /// <param name="DroppedBefore">How many lines were dropped right before it.</param>
    private readonly record struct Entry(string? Line, long DroppedBefore);
}
