namespace ProxyCore.Loop;

/// <summary>The armed timers of one loop: a binary heap whose entries know where they stand.</summary>
/// <remarks>
/// <see cref="PriorityQueue{TElement, TPriority}"/> can only leave a cancelled entry behind until it comes due:
/// with an idle timeout of an hour, that keeps each connection of the last hour in memory. Knowing one's place
/// makes cancelling exact, and moving a timer one step of the heap.
/// </remarks>
internal sealed class LoopTimers
{
    private LoopTimer[] _heap = new LoopTimer[16];
    private int _count;

    internal int Count => _count;

    /// <summary>When the next timer is due, or null when none is armed.</summary>
    internal TimeSpan? NextDue => _count == 0 ? null : _heap[0].Due;

    /// <summary>Arms <paramref name="timer"/> for <paramref name="due"/>, or moves it there.</summary>
    internal void Arm(LoopTimer timer, TimeSpan due)
    {
        timer.Due = due;
        if (timer.IsArmed)
        {
            Settle(timer, timer.Position - 1);
            return;
        }

        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _count + (_count / 4));
        }

        Settle(timer, _count++);
    }

    /// <summary>Disarms <paramref name="timer"/>; does nothing when it is not armed.</summary>
    internal void Cancel(LoopTimer timer)
    {
        if (!timer.IsArmed)
        {
            return;
        }

        int hole = timer.Position - 1;
        timer.Position = 0;
        LoopTimer last = _heap[--_count];
        _heap[_count] = null!;
        if (last != timer)
        {
            Settle(last, hole);
        }
    }

    /// <summary>Disarms and returns a timer that is due at <paramref name="now"/>; null when none is left.</summary>
    internal LoopTimer? TakeDue(TimeSpan now)
    {
        if (_count == 0 || _heap[0].Due > now)
        {
            return null;
        }

        LoopTimer timer = _heap[0];
        Cancel(timer);
        return timer;
    }

    private void Settle(LoopTimer timer, int index)
    {
        while (index > 0 && timer.Due < _heap[(index - 1) / 2].Due)
        {
            Place(_heap[(index - 1) / 2], index);
            index = (index - 1) / 2;
        }

        while (EarlierChild(index) is { } child && _heap[child].Due < timer.Due)
        {
            Place(_heap[child], index);
            index = child;
        }

        Place(timer, index);
    }

    private int? EarlierChild(int index)
    {
        int left = (2 * index) + 1;
        if (left >= _count)
        {
            return null;
        }

        int right = left + 1;
        return right < _count && _heap[right].Due < _heap[left].Due ? right : left;
    }

    private void Place(LoopTimer timer, int index)
    {
        _heap[index] = timer;
        timer.Position = index + 1;
    }
}
