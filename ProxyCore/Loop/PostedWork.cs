namespace ProxyCore.Loop;

/// <summary>What other threads ask a loop to do: the one place of the loop with a lock.</summary>
internal sealed class PostedWork(LoopSignal signal)
{
    private readonly Lock _gate = new();
    private List<(ILoopMember Owner, Action Work)> _arriving = [];
    private List<(ILoopMember Owner, Action Work)> _taken = [];
    private bool _loopBlocks;

    /// <summary>Adds work, and wakes the loop if it is blocked. Any thread.</summary>
    internal void Post(ILoopMember owner, Action work)
    {
        lock (_gate)
        {
            _arriving.Add((owner, work));
            if (!_loopBlocks)
            {
                return;
            }

            // One byte for each time the loop blocks, so the pipe can't fill. Written under the lock: once the loop
            // has seen its last posted work, nobody is left who would still touch the signal.
            _loopBlocks = false;
            signal.Set();
        }
    }

    /// <summary>What has been posted since the last call, in order. The loop's thread; valid until the next call.</summary>
    internal List<(ILoopMember Owner, Action Work)> Take()
    {
        _taken.Clear();
        lock (_gate)
        {
            _loopBlocks = false;
            (_arriving, _taken) = (_taken, _arriving);
        }

        return _taken;
    }

    /// <summary>
    /// Whether the loop may block: true when nothing waits, and from then on a post sends the signal. The loop's thread.
    /// </summary>
    internal bool TryBlock()
    {
        lock (_gate)
        {
            _loopBlocks = _arriving.Count == 0;
            return _loopBlocks;
        }
    }
}
