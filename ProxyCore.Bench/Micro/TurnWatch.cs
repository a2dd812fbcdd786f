using System.Diagnostics;
using ProxyCore.Loop;

namespace ProxyCore.Bench.Micro;

/// <summary>Keeps a loop turning, and remembers the longest time from one turn to the next: for so long a client may wait.</summary>
/// <remarks>
/// A pause of the garbage collector stops the loop as well. What a turn takes without those is remembered apart: that is the loop's own work.
/// </remarks>
internal sealed class TurnWatch(SelectLoop loop) : ILoopMember
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _last;
    private TimeSpan _paused;
    private TimeSpan _longest;
    private TimeSpan _longestOwn;
    private volatile bool _isEnding;

    /// <summary>Begins; completes when the loop turns.</summary>
    internal Task BeginAsync()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(this, () =>
        {
            _last = Stopwatch.GetTimestamp();
            _paused = GC.GetTotalPauseDuration();
            loop.Post(this, Turn);
            begun.SetResult();
        });
        return begun.Task;
    }

    /// <summary>Ends; returns the longest turn, and the longest without the pauses in it.</summary>
    internal async Task<(TimeSpan Turn, TimeSpan Own)> EndAsync()
    {
        _isEnding = true;
        await _ended.Task;
        return (_longest, _longestOwn);
    }

    public void Fault(Exception exception) => _ended.TrySetException(exception);

    private void Turn()
    {
        long now = Stopwatch.GetTimestamp();
        TimeSpan paused = GC.GetTotalPauseDuration();
        TimeSpan turn = Stopwatch.GetElapsedTime(_last, now);
        TimeSpan own = turn - (paused - _paused);
        _longest = turn > _longest ? turn : _longest;
        _longestOwn = own > _longestOwn ? own : _longestOwn;
        _last = now;
        _paused = paused;
        if (_isEnding)
        {
            _ended.SetResult();
            return;
        }

        loop.Post(this, Turn);
    }
}
