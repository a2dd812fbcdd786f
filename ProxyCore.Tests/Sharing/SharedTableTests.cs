using ProxyCore.Sharing;

namespace ProxyCore.Tests.Sharing;

/// <summary>How what several proxies have set becomes one state.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SharedTableTests
{
    private const string Key = "deny/192.0.2.7";
    private const string State = "upstream/web/10.0.0.2%3A80/state";
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset _wall = DateTimeOffset.FromUnixTimeMilliseconds(1000);

    private readonly SharedTable _table = new(node: 5);

    [TestCase(1001, 0, true)]
    [TestCase(1000, 6, true)]
    [TestCase(1000, 5, false)]
    [TestCase(1000, 4, false)]
    [TestCase(999, 9, false)]
    public void Later_change_wins_and_of_two_of_one_time_that_of_the_greater_node(long version, long node, bool isNews)
    {
        Set(Key, SharedKey.Keep, _minute);

        IReadOnlyList<SharedItem> news = Merge(isWhole: false, [Record(Key, SharedKey.End, version, node)]);

        Assert.That(news.Select(static one => one.Value), isNews ? Is.EqualTo([SharedKey.End]) : Is.Empty);
    }

    [Test]
    public void Order_and_number_of_readings_do_not_matter()
    {
        SharedRecord denied = Record(Key, SharedKey.Keep, 1000);
        SharedRecord removed = Record(Key, null, 2000);

        Assert.That(Merge(isWhole: true, [removed]), Has.Count.EqualTo(1));
        Assert.That(Merge(isWhole: false, [denied]), Is.Empty);
        Assert.That(Merge(isWhole: false, [removed]), Is.Empty);
    }

    [Test]
    public void Change_here_is_later_than_all_that_was_seen_even_by_a_clock_that_is_behind()
    {
        Merge(isWhole: true, [Record(Key, SharedKey.Keep, 5_000_000)]);

        Set(Key, null, null);

        Assert.That(_table.TakeUnsaved(TimeSpan.Zero, 9).Single().Version.Time, Is.EqualTo(5_000_001));
    }

    [Test]
    public void Emptied_store_gets_back_what_it_has_lost_with_the_time_that_is_left()
    {
        Merge(isWhole: true, [Record(Key, SharedKey.Keep, 1000, remaining: 5 * _minute), Record(State, "Drain", 1000, remaining: null)]);
        Assert.That(_table.Unsaved, Is.Zero);

        Assert.That(Merge(isWhole: true, [], now: 2 * _minute), Is.Empty);

        Assert.That(
            _table.TakeUnsaved(2 * _minute, 9).Select(static item => item.ToRecord(2 * _minute)).Select(static one => ($"{one}", one.Version, one.Remaining)),
            Is.EquivalentTo([($"{Key}: keep", 1000L, (TimeSpan?)(3 * _minute)), ($"{State}: Drain", 1000L, null)]));
    }

    [Test]
    public void Store_that_was_set_back_gets_the_later_change()
    {
        Merge(isWhole: true, [Record(Key, SharedKey.End, 2000)]);

        Assert.That(Merge(isWhole: true, [Record(Key, SharedKey.Keep, 1000)]), Is.Empty);

        Assert.That(_table.TakeUnsaved(TimeSpan.Zero, 9).Single().Value, Is.EqualTo(SharedKey.End));
    }

    [Test]
    public void Part_that_was_read_says_nothing_of_the_rest()
    {
        Merge(isWhole: true, [Record(Key, SharedKey.Keep, 1000)]);

        Merge(isWhole: false, []);

        Assert.That(_table.Unsaved, Is.Zero);
    }

    [Test]
    public void What_has_ended_here_is_neither_denied_again_nor_written_by_a_store_whose_clock_is_behind()
    {
        SharedRecord record = Record(Key, SharedKey.Keep, 1000, remaining: _minute);
        Merge(isWhole: true, [record]);
        TimeSpan now = _minute + TimeSpan.FromSeconds(5);

        Assert.That(Merge(isWhole: true, [record], now), Is.Empty);
        Assert.That(Merge(isWhole: true, [], now), Is.Empty);
        Assert.That(_table.TakeUnsaved(now, 9), Is.Empty);
    }

    [Test]
    public void Time_of_a_known_record_is_counted_here_whatever_the_store_says_later()
    {
        Merge(isWhole: true, [Record(Key, SharedKey.Keep, 1000, remaining: _minute)]);

        Merge(isWhole: true, [Record(Key, SharedKey.Keep, 1000, remaining: 100 * _minute)], now: TimeSpan.FromSeconds(1));
        Merge(isWhole: true, [], now: TimeSpan.FromSeconds(2));

        Assert.That(_table.TakeUnsaved(TimeSpan.FromSeconds(2), 9).Single().Until, Is.EqualTo(_minute));
    }

    [Test]
    public void Removal_is_remembered_as_long_as_what_it_undoes_would_last()
    {
        Set(Key, SharedKey.Keep, 10 * _minute);
        Set(Key, null, null, now: _minute);
        SharedRecord late = Record(Key, SharedKey.Keep, 1000, node: 5, remaining: 10 * _minute);

        Assert.That(Merge(isWhole: true, [late], now: 10 * _minute), Is.Empty);
        Merge(isWhole: true, [], now: 12 * _minute);

        Assert.That(_table.Count, Is.Zero);
    }

    [TestCase("deny/10.0.0.1/8", "keep", 1000, 60)]
    [TestCase("toxic/web", "x", 1000, 60)]
    [TestCase(Key, "for ever", 1000, 60)]
    [TestCase(Key, "keep", 0, 60)]
    [TestCase(Key, "keep", long.MaxValue, 60)]
    [TestCase(Key, "keep", 1000, 0)]
    [TestCase(State, "Ready", 1000, 0)]
    public void Record_that_no_proxy_writes_is_left_alone(string key, string value, long version, int seconds)
    {
        Assert.That(Merge(isWhole: true, [Record(key, value, version, remaining: TimeSpan.FromSeconds(seconds))]), Is.Empty);
        Assert.That(_table.Count, Is.Zero);
    }

    [Test]
    public void No_record_is_longer_than_the_longest_time()
    {
        Merge(isWhole: true, [Record(Key, SharedKey.Keep, 1000, remaining: TimeSpan.MaxValue)]);

        Merge(isWhole: true, []);

        Assert.That(_table.TakeUnsaved(TimeSpan.Zero, 9).Single().Until, Is.EqualTo(TimeSpan.FromDays(30)));
    }

    private static SharedRecord Record(string key, string? value, long version, long node = 1, TimeSpan? remaining = default) => new()
    {
        Key = key,
        Value = value,
        Version = version,
        Node = node,
        Remaining = remaining ?? (key == State ? null : _minute),
    };

    private IReadOnlyList<SharedItem> Merge(bool isWhole, IReadOnlyList<SharedRecord> records, TimeSpan now = default) =>
        _table.Merge(new SharedChanges { IsWhole = isWhole, Mark = "", Records = records }, now);

    private void Set(string key, string? value, TimeSpan? remaining, TimeSpan now = default)
    {
        Assert.That(SharedKey.TryParse(key, out SharedKey? parsed), Is.True);
        _table.Set(parsed!, value, remaining, now, _wall);
    }
}
