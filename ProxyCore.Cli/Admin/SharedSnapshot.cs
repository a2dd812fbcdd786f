using System.Text.Json;

namespace ProxyCore.Cli.Admin;

/// <summary>
/// The last snapshot as JSON, for all who ask: at most one a second is taken and written, however many ask. Any thread.
/// </summary>
/// <param name="take">Takes a snapshot.</param>
/// <param name="canEnd">Whether connections can be ended.</param>
/// <param name="clock">The clock.</param>
internal sealed class SharedSnapshot(
    Func<CancellationToken, Task<ProxySnapshot>> take, bool canEnd, TimeProvider clock)
{
    private static readonly TimeSpan _lifetime = TimeSpan.FromSeconds(1);

    // A loop that does not answer in this time is held up by something.
    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private Task<byte[]>? _last;
    private long _takenAt;

    /// <summary>The JSON. Whoever gives up waiting leaves it to the others.</summary>
    internal Task<byte[]> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_last is null || (_last.IsCompleted && clock.GetElapsedTime(_takenAt) >= _lifetime))
            {
                _takenAt = clock.GetTimestamp();
                _last = TakeAsync();
            }

            return _last.WaitAsync(cancellationToken);
        }
    }

    private async Task<byte[]> TakeAsync()
    {
        using var timeout = new CancellationTokenSource(_longestWait, clock);
        ProxySnapshot snapshot = await take(timeout.Token).WaitAsync(timeout.Token);
        return JsonSerializer.SerializeToUtf8Bytes(SnapshotView.Of(snapshot, canEnd), AdminJson.Default.SnapshotView);
    }
}
