using System.Collections.Concurrent;

namespace ProxyCore.Bench.Chaos.Reckoning;

/// <summary>Counts what was done in the run, by name. Thread-safe.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    internal IEnumerable<KeyValuePair<string, long>> Counts => _counts.OrderBy(static one => one.Key, StringComparer.Ordinal);

    internal void Add(string what, long count = 1) => _counts.AddOrUpdate(what, count, (_, before) => before + count);

    internal long Of(string what) => _counts.GetValueOrDefault(what);
}
