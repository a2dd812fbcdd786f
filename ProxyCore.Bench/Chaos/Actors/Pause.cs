namespace ProxyCore.Bench.Chaos.Actors;

/// <summary>Waiting between two deeds.</summary>
internal static class Pause
{
    /// <summary>Waits; returns whether to go on, at once when not.</summary>
    internal static async Task<bool> ForAsync(int milliseconds, CancellationToken stop)
    {
        await Task.Delay(milliseconds, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stop.IsCancellationRequested;
    }
}
