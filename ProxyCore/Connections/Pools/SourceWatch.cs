using System.Diagnostics.CodeAnalysis;
using ProxyCore.Loop;

namespace ProxyCore.Connections.Pools;

/// <summary>
/// Watches what a source finds for one upstream. The source runs on threads of the pool; all else belongs to the loop's thread.
/// </summary>
/// <param name="loop">The loop that it runs on.</param>
/// <param name="source">The source.</param>
/// <param name="name">What the source is asked for.</param>
/// <param name="read">Checks a list and makes it ready for use, on a thread of the pool.</param>
/// <param name="found">Called on the loop with each list.</param>
/// <param name="failed">Called on the loop after each failure.</param>
[SuppressMessage("Design", "CA1001", Justification = "Who cancels a watch may not be done when it has ended; without a timer there is nothing to free.")]
internal sealed class SourceWatch(
    SelectLoop loop,
    IUpstreamSource source,
    string name,
    Func<IReadOnlyList<UpstreamTarget>, PreparedServers> read,
    Action<PreparedServers> found,
    Action failed) : ILoopMember
{
    private static readonly TimeSpan _shortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(30);

    private CallbackTimer? _again;
    private CancellationTokenSource? _running;
    private TimeSpan _pause = _shortestPause;
    private TimeSpan _begun;
    private bool _isStopped = true;
    private bool _hasFound;

    // The newest list that the loop has not taken yet: a source that is faster than the loop fills no queue.
    private PreparedServers? _offered;

    /// <summary>The time from the end of a watch to the next.</summary>
    internal TimeSpan Interval { get; set; }

    /// <summary>Whether the source was asked and has not answered yet.</summary>
    internal bool IsAsking { get; private set; }

    /// <summary>Why the source failed; null when it has named servers since, or none.</summary>
    internal string? Error { get; private set; }

    /// <summary>Whether what it said before was a failure.</summary>
    internal bool FailedBefore { get; private set; }

    private CallbackTimer Again => _again ??= new CallbackTimer(this, Begin);

    /// <summary>Begins, or goes on after <see cref="Stop"/>.</summary>
    internal void Start()
    {
        if (_isStopped)
        {
            _isStopped = false;
            Begin();
        }
    }

    /// <summary>Ends the watch. A source that goes on all the same is not listened to.</summary>
    internal void Stop()
    {
        _isStopped = true;
        IsAsking = false;
        loop.Cancel(Again);

        // Not on this thread: it calls what the source has registered.
        _ = _running?.CancelAsync();
    }

    /// <summary>Asks again before the pause is over, but not more than once a second.</summary>
    internal void Refresh()
    {
        TimeSpan wait = _begun + _shortestPause - loop.Now;
        if (_isStopped || _running is not null)
        {
            return;
        }

        if (wait <= TimeSpan.Zero)
        {
            Begin();
        }
        else if (Again.Due > loop.Now + wait)
        {
            loop.Arm(Again, wait);
        }
    }

    void ILoopMember.Fault(Exception exception) => Fail(exception);

    private void Begin()
    {
        if (_running is not null)
        {
            // It begins once the one before has ended: see OnEnded.
            return;
        }

        loop.Cancel(Again);
        _begun = loop.Now;
        _hasFound = false;
        IsAsking = true;
        _running = new CancellationTokenSource();
        _ = WatchAsync(_running.Token);
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            // Task.Run, because the source may block before its first await.
            await Task.Run(() => ReadAllAsync(cancellationToken), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        loop.Post(this, () => OnEnded(failure));
    }

    private async Task ReadAllAsync(CancellationToken cancellationToken)
    {
        await foreach (IReadOnlyList<UpstreamTarget> targets in source.WatchAsync(name, cancellationToken).ConfigureAwait(false))
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            PreparedServers servers = read(targets ?? throw new InvalidOperationException("the source has named null instead of a list"));
            if (Interlocked.Exchange(ref _offered, servers) is null)
            {
                loop.Post(this, Take);
            }
        }
    }

    private void Take()
    {
        PreparedServers? servers = Interlocked.Exchange(ref _offered, null);
        if (_isStopped || servers is null)
        {
            return;
        }

        _hasFound = true;
        _pause = _shortestPause;
        IsAsking = false;
        FailedBefore = Error is not null;
        Error = null;
        found(servers);
    }

    private void OnEnded(Exception? failure)
    {
        bool wasStopped = _running!.IsCancellationRequested;

        _running = null;
        if (_isStopped)
        {
            return;
        }

        if (wasStopped)
        {
            Begin();
        }
        else if (failure is null && _hasFound)
        {
            loop.Arm(Again, Interval);
        }
        else
        {
            Fail(failure ?? new InvalidOperationException("the source has named no list"));
        }
    }

    private void Fail(Exception exception)
    {
        IsAsking = false;
        FailedBefore = Error is not null;
        Error = LookupResult.Describe(exception);
        loop.Arm(Again, _pause);
        _pause = _pause * 2 < _longestPause ? _pause * 2 : _longestPause;
        failed();
    }
}
