using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;

namespace ProxyCore.Sharing;

/// <summary>Whether a store is reachable: each change of that is logged once. Any thread.</summary>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where it is logged.</param>
internal sealed class StoreHealth(TimeProvider clock, ILogger logger)
{
    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile State _state = new(false, clock.GetUtcNow(), "it has not been read yet");

    /// <summary>Completes when it is known for the first time.</summary>
    internal Task Tried => _tried.Task;

    /// <summary>What it is now; without an error it is reachable.</summary>
    internal (DateTimeOffset Since, string? Error) Now => (_state.Since, _state.Error);

    /// <summary>Everything that was to be read and written was.</summary>
    /// <param name="records">How many records are known.</param>
    internal void NoteReachable(int records)
    {
        if (!_state.IsReachable)
        {
            _state = new State(true, clock.GetUtcNow(), null);
            logger.SharedStateReachable(records);
            _tried.TrySetResult();
        }
    }

    /// <summary>A call of it has failed.</summary>
    internal void NoteAway(Exception exception)
    {
        string cause = Printable.Shorten(exception.Message);
        bool isNew = _state.IsReachable || !_tried.Task.IsCompleted;
        _state = new State(false, isNew ? clock.GetUtcNow() : _state.Since, cause);
        if (isNew)
        {
            logger.SharedStateAway(cause);
            _tried.TrySetResult();
        }
    }

    private sealed record State(bool IsReachable, DateTimeOffset Since, string? Error);
}
