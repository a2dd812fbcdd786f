namespace ProxyCore.Access;

/// <summary>
/// The entries of clients without a connection, ordered by the time at which their rate allows a full burst again. A
/// binary heap that also finds an entry by its index.
/// </summary>
internal sealed class IdleQueue
{
    private (long FullAt, int Entry)[] _heap = [];

    // Position + 1 in the heap by entry, 0 for an entry that is not in it.
    private int[] _positions = [];

    internal int Count { get; private set; }

    internal void Add(int entry, long fullAt)
    {
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, Math.Max(16, Count * 2));
        }

        if (entry >= _positions.Length)
        {
            Array.Resize(ref _positions, Math.Max(entry + 1, _heap.Length));
        }

        MoveUp(Count++, (fullAt, entry));
    }

    internal void Remove(int entry)
    {
        int position = _positions[entry] - 1;
        _positions[entry] = 0;
        (long FullAt, int Entry) last = _heap[--Count];
        if (position == Count)
        {
            return;
        }

        if (position > 0 && last.FullAt < _heap[(position - 1) / 2].FullAt)
        {
            MoveUp(position, last);
        }
        else
        {
            MoveDown(position, last);
        }
    }

    /// <summary>Removes the entry with the earliest time, and returns it.</summary>
    internal int TakeFirst()
    {
        int entry = _heap[0].Entry;
        Remove(entry);
        return entry;
    }

    private void MoveUp(int position, (long FullAt, int Entry) item)
    {
        while (position > 0 && item.FullAt < _heap[(position - 1) / 2].FullAt)
        {
            Put(position, _heap[(position - 1) / 2]);
            position = (position - 1) / 2;
        }

        Put(position, item);
    }

    private void MoveDown(int position, (long FullAt, int Entry) item)
    {
        for (int child = (2 * position) + 1; child < Count; child = (2 * position) + 1)
        {
            if (child + 1 < Count && _heap[child + 1].FullAt < _heap[child].FullAt)
            {
                child++;
            }

            if (item.FullAt <= _heap[child].FullAt)
            {
                break;
            }

            Put(position, _heap[child]);
            position = child;
        }

        Put(position, item);
    }

    private void Put(int position, (long FullAt, int Entry) item)
    {
        _heap[position] = item;
        _positions[item.Entry] = position + 1;
    }
}
