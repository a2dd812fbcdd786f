using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli.Admin;

/// <summary>
/// The latest snapshot as JSON, shared by all requests: at most one a second is taken and serialized. Any thread.
/// </summary>
/// <param name="take">Takes a snapshot.</param>
/// <param name="canEnd">Whether connections can be ended.</param>
/// <param name="toxics">The toxics of a route, with those that are switched off.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where a failure is logged.</param>
internal sealed class SharedSnapshot(
    Func<CancellationToken, Task<ProxySnapshot>> take,
    bool canEnd,
    Func<RouteSnapshot, IEnumerable<ToxicView>> toxics,
    TimeProvider clock,
    ILogger logger)
{
    private static readonly TimeSpan _lifetime = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<byte[]?>? _last;
    private long _takenAt;

    /// <summary>How long the loops may take to answer.</summary>
    internal static TimeSpan LongestWait { get; } = TimeSpan.FromSeconds(5);

    /// <summary>The JSON; null when the proxy does not answer.</summary>
    internal Task<byte[]?> GetAsync()
    {
        lock (_gate)
        {
            if (_last is null || (_last.IsCompleted && clock.GetElapsedTime(_takenAt) >= _lifetime))
            {
                _takenAt = clock.GetTimestamp();
                _last = TakeAsync();
            }

            return _last;
        }
    }

    /// <summary>Something was changed by hand: the next request gets a new snapshot.</summary>
    internal void Forget()
    {
        lock (_gate)
        {
            _last = null;
        }
    }

    private async Task<byte[]?> TakeAsync()
    {
        using var timeout = new CancellationTokenSource(LongestWait, clock);
        try
        {
            ProxySnapshot snapshot = await take(timeout.Token).WaitAsync(timeout.Token);
            return JsonSerializer.SerializeToUtf8Bytes(SnapshotView.Of(snapshot, canEnd, toxics), AdminJson.Default.SnapshotView);
        }
        catch (Exception exception)
        {
            logger.NoSnapshot(exception);
            return null;
        }
    }
}
