using Microsoft.Extensions.Time.Testing;

namespace ProxyCore.Tests.Sharing;

/// <summary>A store in memory that can be away, lose events and be emptied. Any thread.</summary>
internal sealed class FakeStore(FakeTimeProvider clock) : ISharedState
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (SharedRecord Record, DateTimeOffset? End, int Number)> _records = [];
    private readonly List<Action> _subscribers = [];
    private string _epoch = "first";
    private int _number;

    /// <summary>Whether calls fail.</summary>
    internal volatile bool IsAway;

    /// <summary>Whether calls are not answered.</summary>
    internal volatile bool IsSilent;

    /// <summary>Whether nobody is told of changes.</summary>
    internal volatile bool LosesEvents;

    /// <summary>What it has, as text.</summary>
    internal IReadOnlyList<string> Texts
    {
        get
        {
            lock (_lock)
            {
                return [.. _records.Values.Select(static one => $"{one.Record}").Order(StringComparer.Ordinal)];
            }
        }
    }

    internal void Clear()
    {
        lock (_lock)
        {
            _records.Clear();
            _epoch = $"{Guid.NewGuid():N}";
            _number = 0;
        }
    }

    public async Task SubscribeAsync(Action changed, CancellationToken cancellationToken)
    {
        await AnswerAsync(cancellationToken);
        lock (_lock)
        {
            if (!_subscribers.Contains(changed))
            {
                _subscribers.Add(changed);
            }
        }
    }

    public async Task<SharedChanges> ReadAsync(string? since, CancellationToken cancellationToken)
    {
        await AnswerAsync(cancellationToken);
        lock (_lock)
        {
            DateTimeOffset now = clock.GetUtcNow();
            string[] mark = since?.Split(':') ?? ["", "0"];
            bool isWhole = mark[0] != _epoch;
            return new SharedChanges
            {
                IsWhole = isWhole,
                Mark = $"{_epoch}:{_number}",
                Records =
                [
                    .. _records.Values.Where(one => (isWhole || one.Number > int.Parse(mark[1])) && !(one.End <= now))
                        .Select(one => With(one.Record, one.End - now)),
                ],
            };
        }
    }

    public async Task WriteAsync(IReadOnlyList<SharedRecord> records, CancellationToken cancellationToken)
    {
        await AnswerAsync(cancellationToken);
        Action[] told;
        lock (_lock)
        {
            foreach (SharedRecord record in records)
            {
                if (!_records.TryGetValue(record.Key, out var known) || record.IsNewerThan(known.Record))
                {
                    _records[record.Key] = (record, clock.GetUtcNow() + record.Remaining, ++_number);
                }
            }

            told = LosesEvents ? [] : [.. _subscribers];
        }

        Array.ForEach(told, static tell => tell());
    }

    private static SharedRecord With(SharedRecord record, TimeSpan? remaining) =>
        new() { Key = record.Key, Value = record.Value, Version = record.Version, Node = record.Node, Remaining = remaining };

    private async Task AnswerAsync(CancellationToken cancellationToken)
    {
        if (IsSilent)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        if (IsAway)
        {
            throw new IOException("it is away");
        }
    }
}
