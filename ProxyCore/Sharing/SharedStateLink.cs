using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;

namespace ProxyCore.Sharing;

/// <summary>
/// Keeps a proxy and a store of shared state alike: writes what is set here, and has the proxy do what others have set. It works
/// on threads of the pool; no loop waits for it. Any thread.
/// </summary>
/// <remarks>
/// Nothing is lost while the store is away, or when a call of it is missing. A subscription only hastens a reading: what was
/// written since the last one is read each second, which also tells whether the store is there. All is read after each
/// failure, and each 30 s: first the subscription, then the reading, so that no change falls between the two.
/// </remarks>
internal sealed class SharedStateLink
{
    private const int MostWritten = 500;

    private static readonly TimeSpan _readEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _readAllEvery = TimeSpan.FromSeconds(30);

    private readonly BoundedStore _store;
    private readonly StoreHealth _health;
    private readonly ISharedTarget _target;
    private readonly SemaphoreSlim _changes;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly long _origin;
    private readonly Lock _lock = new();
    private readonly SharedTable _table = new(RandomNode());
    private TaskCompletionSource _wake = NewWake();
    private string? _mark;
    private bool _readsAll = true;

    /// <param name="store">The store.</param>
    /// <param name="target">The proxy.</param>
    /// <param name="changes">Is held while the proxy is changed, by hand or from here, so that the order is that of the versions.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">Where it is told whether the store is there.</param>
    internal SharedStateLink(ISharedState store, ISharedTarget target, SemaphoreSlim changes, TimeProvider clock, ILogger logger)
    {
        _store = new BoundedStore(store, clock);
        _health = new StoreHealth(clock, logger);
        _target = target;
        _changes = changes;
        _clock = clock;
        _logger = logger;
        _origin = clock.GetTimestamp();
    }

    /// <summary>Completes when the store was read, or could not be read, for the first time.</summary>
    internal Task Tried => _health.Tried;

    internal SharedStateStatus Status
    {
        get
        {
            (DateTimeOffset since, string? error) = _health.Now;
            lock (_lock)
            {
                return new SharedStateStatus
                {
                    IsReachable = error is null,
                    Since = since,
                    Error = error,
                    Unsaved = _table.Unsaved,
                    NotInForce = _table.NotInForce.Count(),
                };
            }
        }
    }

    private int Known
    {
        get
        {
            lock (_lock)
            {
                return _table.Count;
            }
        }
    }

    private TimeSpan Now => _clock.GetElapsedTime(_origin);

    /// <summary>Something was set on this proxy. The caller holds the changes.</summary>
    /// <param name="key">What.</param>
    /// <param name="value">To what; null when it is no longer set.</param>
    /// <param name="remaining">For how long; null for ever.</param>
    internal void Note(SharedKey key, string? value, TimeSpan? remaining)
    {
        if (key.Text.Length > SharedKey.MostCharacters)
        {
            _logger.SharedKeyTooLong(Printable.Shorten(key.Text));
            return;
        }

        lock (_lock)
        {
            _table.Set(key, value, remaining, Now, _clock.GetUtcNow());
        }

        Wake();
    }

    /// <summary>
    /// The proxy has other options: it may have upstreams now of which something was set before, or room for more that are denied.
    /// The store need not be there for that.
    /// </summary>
    internal async Task FollowOptionsAsync()
    {
        await _changes.WaitAsync().ConfigureAwait(false);
        try
        {
            SharedItem[] items;
            TimeSpan now = Now;
            lock (_lock)
            {
                _table.UpstreamsMayBeOthers();
                items = [.. _table.NotInForce];
            }

            await _target.ApplyAsync(items, now).ConfigureAwait(false);
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Keeps both alike until the end. Once.</summary>
    internal async Task RunAsync(CancellationToken ended)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!ended.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(ended).ConfigureAwait(false);
            }
            catch (Exception exception) when (!ended.IsCancellationRequested)
            {
                _health.NoteAway(exception);
            }
            catch (Exception)
            {
                // Cut off by the end.
            }

            await Task.Delay(_readEvery, _clock, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static long RandomNode() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & ((1L << 48) - 1);

    private static TaskCompletionSource NewWake() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Wake() => Volatile.Read(ref _wake).TrySetResult();

    /// <summary>Reads on until a call of the store fails.</summary>
    private async Task FollowAsync(CancellationToken ended)
    {
        while (true)
        {
            await _store.SubscribeAsync(Wake, ended).ConfigureAwait(false);
            long begun = BeginToReadAll();
            do
            {
                await ReadAsync(ended).ConfigureAwait(false);
                await SaveAsync(ended).ConfigureAwait(false);
                _health.NoteReachable(Known);
                await WaitAsync(ended).ConfigureAwait(false);
            }
            while (_clock.GetElapsedTime(begun) < _readAllEvery);
        }
    }

    private long BeginToReadAll()
    {
        lock (_lock)
        {
            _readsAll = true;
        }

        return _clock.GetTimestamp();
    }

    private async Task ReadAsync(CancellationToken ended)
    {
        string? since;
        lock (_lock)
        {
            since = _readsAll ? null : _mark;
            _readsAll = false;
        }

        SharedChanges changes = await _store.ReadAsync(since, ended).ConfigureAwait(false);
        await _changes.WaitAsync(ended).ConfigureAwait(false);
        try
        {
            IReadOnlyList<SharedItem> items;
            TimeSpan now = Now;
            lock (_lock)
            {
                _mark = changes.Mark;
                IReadOnlyList<SharedItem> news = _table.Merge(changes, now);
                items = changes.IsWhole ? [.. _table.NotInForce] : news;
            }

            await _target.ApplyAsync(items, now).ConfigureAwait(false);
        }
        finally
        {
            _changes.Release();
        }
    }

    private async Task SaveAsync(CancellationToken ended)
    {
        while (true)
        {
            IReadOnlyList<SharedItem> items;
            SharedRecord[] records;
            lock (_lock)
            {
                TimeSpan now = Now;
                items = _table.TakeUnsaved(now, MostWritten);
                records = [.. items.Select(item => item.ToRecord(now))];
            }

            if (records.Length == 0)
            {
                return;
            }

            await _store.WriteAsync(records, ended).ConfigureAwait(false);
            lock (_lock)
            {
                // One that was set anew meanwhile is another item.
                foreach (SharedItem item in items)
                {
                    item.IsSaved = true;
                }
            }
        }
    }

    /// <summary>Waits for a change, or for the next reading.</summary>
    private async Task WaitAsync(CancellationToken ended)
    {
        await _wake.Task.WaitAsync(_readEvery, _clock, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended.ThrowIfCancellationRequested();
        Volatile.Write(ref _wake, NewWake());
    }
}
