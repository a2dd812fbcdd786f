namespace ProxyCore.Sharing;

/// <summary>All that was set by hand on the proxies that share it, as far as this one knows. For one thread at a time.</summary>
/// <remarks>
/// The later change of a key wins, wherever it comes from. What is no longer set is an item too, for as long as what it undoes
/// would hold somewhere. So it does not matter in which order changes are learned, or how often, and a store that was emptied
/// gets back what it has lost.
/// </remarks>
/// <param name="node">The number of this proxy.</param>
internal sealed class SharedTable(long node)
{
    /// <summary>How many items there may be: those that are denied, with room for what was undone.</summary>
    internal const int MostItems = 300_000;

    // An item that has ended is remembered until no copy of it is on its way any more.
    private static readonly TimeSpan _grace = TimeSpan.FromMinutes(1);

    // Nothing that has an end is set for longer. What gives an upstream back to the configuration holds for as long.
    private static readonly TimeSpan _longest = TimeSpan.FromDays(30);

    private readonly Dictionary<string, SharedItem> _items = [];
    private long _latest;

    internal int Count => _items.Count;

    /// <summary>How many are to be written to the store.</summary>
    internal int Unsaved => _items.Values.Count(static item => !item.IsSaved);

    /// <summary>What is not in force on this proxy, though it should be.</summary>
    internal IEnumerable<SharedItem> NotInForce => _items.Values.Where(static item => !item.IsInForce);

    /// <summary>Sets something on this proxy.</summary>
    /// <param name="key">What.</param>
    /// <param name="value">To what; null when it is no longer set.</param>
    /// <param name="remaining">For how long; null for ever.</param>
    /// <param name="now">The time.</param>
    /// <param name="wall">The time of the wall clock.</param>
    internal void Set(SharedKey key, string? value, TimeSpan? remaining, TimeSpan now, DateTimeOffset wall)
    {
        // Later than all that was seen, even if this machine's clock is behind.
        _latest = Math.Max(_latest + 1, wall.ToUnixTimeMilliseconds());
        TimeSpan? until = value is null ? UndoneUntil(key, now) : now + remaining;
        _items[key.Text] = new SharedItem(key, value, new SharedVersion(_latest, node), until) { IsInForce = true };
        Bound();
    }

    /// <summary>Takes over what was read from the store.</summary>
    /// <returns>What is new here.</returns>
    internal IReadOnlyList<SharedItem> Merge(SharedChanges changes, TimeSpan now)
    {
        DropEnded(now);
        var news = new List<SharedItem>();
        var read = new HashSet<string>(changes.Records.Count);
        foreach (SharedRecord record in changes.Records)
        {
            if (TryRead(record, now) is { } item && read.Add(record.Key) && IsNews(item, now))
            {
                _items[record.Key] = item;
                news.Add(item);
            }
        }

        foreach (SharedItem lost in changes.IsWhole ? _items.Values.Where(item => !read.Contains(item.Key.Text)) : [])
        {
            lost.IsSaved = lost.HasEnded(now);
        }

        return news;
    }

    /// <summary>Some of what is to be written to the store.</summary>
    internal IReadOnlyList<SharedItem> TakeUnsaved(TimeSpan now, int most)
    {
        DropEnded(now);
        return [.. _items.Values.Where(item => !item.IsSaved && !item.HasEnded(now)).Take(most)];
    }

    /// <summary>The configuration has changed: it may have upstreams again that it had not.</summary>
    internal void UpstreamsMayBeOthers()
    {
        foreach (SharedItem item in _items.Values.Where(static item => item.Key.Range is null && item.Value is not null))
        {
            item.IsInForce = false;
        }
    }

    private bool IsNews(SharedItem item, TimeSpan now)
    {
        _latest = Math.Max(_latest, item.Version.Time);
        if (!_items.TryGetValue(item.Key.Text, out SharedItem? known))
        {
            return _items.Count < MostItems;
        }

        int order = item.Version.CompareTo(known.Version);
        known.IsSaved = order == 0 || known.HasEnded(now);
        return order > 0;
    }

    /// <summary>The item that a record is; null when nobody can have written it so.</summary>
    private static SharedItem? TryRead(SharedRecord record, TimeSpan now)
    {
        var version = SharedVersion.Of(record);
        bool isValid = SharedKey.TryParse(record.Key, out SharedKey? key) && version.IsValid
            && key.Allows(record.Value, record.Remaining is not null) && record.Remaining is not { Ticks: <= 0 };
        TimeSpan? remaining = record.Remaining > _longest || (record.Remaining is null && record.Value is null) ? _longest : record.Remaining;
        return isValid ? new SharedItem(key!, record.Value, version, now + remaining) { IsSaved = true } : null;
    }

    /// <summary>An undone item is remembered as long as what it undoes would last somewhere.</summary>
    private TimeSpan UndoneUntil(SharedKey key, TimeSpan now) =>
        key.Range is not null && _items.TryGetValue(key.Text, out SharedItem? undone) && undone.Until is { } until ? until : now + _longest;

    private void DropEnded(TimeSpan now)
    {
        foreach (string ended in _items.Where(one => one.Value.HasEnded(now - _grace)).Select(static one => one.Key).ToArray())
        {
            _items.Remove(ended);
        }
    }

    /// <summary>Forgets what was undone first, when there is too much of it.</summary>
    private void Bound()
    {
        if (_items.Count > MostItems && _items.Values.Where(static item => item.Value is null).MinBy(static item => item.Until) is { } oldest)
        {
            _items.Remove(oldest.Key.Text);
        }
    }
}
