namespace ProxyCore.Connections.Listening;

/// <summary>
/// Admits connections over all loops of a proxy: never more than the maximum at once, in turn when there is none left,
/// and each with a number of its own. Any thread.
/// </summary>
/// <remarks>
/// A place that becomes free goes straight to whoever stands longest in line, so nobody overtakes, and a loop that
/// always has clients waiting can't starve the others. The lock is held for a few instructions, twice a connection and
/// never while one relays.
/// </remarks>
internal sealed class ConnectionSlots(int maximum)
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _line = [];
    private long _lastId;
    private int _taken;

    internal int Maximum { get; private set; } = maximum;

    /// <summary>
    /// Changes the maximum. More than before let in who stands in line; with fewer, as many are let in again when enough
    /// have left.
    /// </summary>
    internal void Change(int maximum)
    {
        var granted = new List<Action>();
        lock (_gate)
        {
            Maximum = maximum;
            while (_taken < Maximum && _line.TryDequeue(out Action? next))
            {
                _taken++;
                granted.Add(next);
            }
        }

        granted.ForEach(static next => next());
    }

    /// <summary>What the next connection is called in logs: counted from 1, over all loops.</summary>
    internal long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Takes a place for one connection, if one is free.</summary>
    internal bool TryEnter()
    {
        lock (_gate)
        {
            bool isFree = _taken < Maximum;
            _taken += isFree ? 1 : 0;
            return isFree;
        }
    }

    /// <summary>
    /// Takes a place for one connection. When none is free the caller stands in line: <paramref name="granted"/> is
    /// called, on any thread, when it has got one.
    /// </summary>
    internal bool EnterOrStandInLine(Action granted)
    {
        lock (_gate)
        {
            if (TryEnter())
            {
                return true;
            }

            _line.Enqueue(granted);
            return false;
        }
    }

    /// <summary>Gives a place back.</summary>
    internal void Leave()
    {
        Action? granted;
        lock (_gate)
        {
            // While somebody waits, all are taken: the place is his, unless there are too many since the maximum fell.
            if (_taken > Maximum || !_line.TryDequeue(out granted))
            {
                _taken--;
                return;
            }
        }

        granted();
    }
}
