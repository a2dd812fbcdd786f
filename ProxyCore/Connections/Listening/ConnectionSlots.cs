namespace ProxyCore.Connections.Listening;

/// <summary>
/// The slots for connections of all loops together: never more connections than the maximum, and a queue of those that
/// wait for a slot. Also numbers the connections. Any thread.
/// </summary>
/// <remarks>
/// A slot that becomes free goes to the first in the queue, so that no newcomer overtakes, and a loop with many clients
/// does not starve the others. The lock is held for a few instructions, twice a connection and never while one relays.
/// </remarks>
internal sealed class ConnectionSlots(int maximum)
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _waiting = [];
    private long _lastId;
    private int _taken;

    internal int Maximum { get; private set; } = maximum;

    /// <summary>
    /// Changes the maximum. A higher one grants slots to those that wait; a lower one grants none until enough
    /// connections have ended.
    /// </summary>
    internal void Change(int maximum)
    {
        var granted = new List<Action>();
        lock (_gate)
        {
            Maximum = maximum;
            while (_taken < Maximum && _waiting.TryDequeue(out Action? next))
            {
                _taken++;
                granted.Add(next);
            }
        }

        granted.ForEach(static next => next());
    }

    /// <summary>The number of the last connection.</summary>
    internal long LastId => Volatile.Read(ref _lastId);

    /// <summary>The number of the next connection, from 1, over all loops.</summary>
    internal long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Takes a slot, if one is free.</summary>
    internal bool TryTake()
    {
        lock (_gate)
        {
            bool isFree = _taken < Maximum;
            _taken += isFree ? 1 : 0;
            return isFree;
        }
    }

    /// <summary>
    /// Takes a slot. When none is free the caller waits in the queue: <paramref name="granted"/> is called, on any thread,
    /// once a slot is taken for it.
    /// </summary>
    internal bool TakeOrWait(Action granted)
    {
        lock (_gate)
        {
            if (TryTake())
            {
                return true;
            }

            _waiting.Enqueue(granted);
            return false;
        }
    }

    /// <summary>Gives a slot back.</summary>
    internal void Release()
    {
        Action? granted;
        lock (_gate)
        {
            // While anybody waits, every slot is taken: this one goes to the first, unless the maximum was lowered and
            // there are still too many.
            if (_taken > Maximum || !_waiting.TryDequeue(out granted))
            {
                _taken--;
                return;
            }
        }

        granted();
    }
}
