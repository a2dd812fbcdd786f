namespace ProxyCore.Settings;

/// <summary>Looks at files every second, on a thread of the pool, one look at a time.</summary>
/// <remarks>
/// Files are polled instead of watched: editors and clusters replace a file, its folder or the link to it, and a look costs one
/// system call.
/// </remarks>
/// <param name="clock">When to look.</param>
/// <param name="look">The look. It must not throw.</param>
internal sealed class FilePoll(TimeProvider clock, Action look) : IDisposable
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(1);

    private ITimer? _timer;

    /// <summary>Begins. Once.</summary>
    internal void Start()
    {
        // Created without a time, so that no look comes before the field is set.
        _timer = clock.CreateTimer(static self => ((FilePoll)self!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_lookEvery, Timeout.InfiniteTimeSpan);
    }

    /// <summary>No further look begins. One may be under way.</summary>
    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        look();

        // A change after the disposal does nothing.
        _timer!.Change(_lookEvery, Timeout.InfiniteTimeSpan);
    }
}
