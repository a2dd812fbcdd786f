using System.Globalization;
using ProxyCore.Diagnostics;

namespace ProxyCore.Hosting;

/// <summary>
/// What differs between two configurations, in words for the log: <c>upstream 10.0.0.2:80 added, ConnectTimeout 5s → 2s</c>.
/// It keeps the first differences and counts the others.
/// </summary>
internal sealed class OptionChanges
{
    private const int MostKept = 10;
    private const int MostValuesNamed = 3;
    private const string None = "none";

    private readonly List<string> _texts = [];
    private string _prefix = "";
    private int _notKept;

    internal bool Any => _texts.Count > 0;

    public override string ToString() => string.Join(", ", _texts)
        + (_notKept > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {_notKept} more changes") : "");

    /// <summary>A value is another one; null stands for none.</summary>
    internal void AddValue(string name, string? before, string? after) => Add($"{name} {Text(before)} → {Text(after)}");

    /// <summary>Something has changed that is not shown.</summary>
    internal void AddUnshown(string name) => Add($"{name} changed");

    internal void AddItem(string name, bool isAdded) => Add($"{name} {(isAdded ? "added" : "removed")}");

    /// <summary>Compares two objects; <paramref name="prefix"/> goes ahead of what differs.</summary>
    internal void CompareWithin<T>(string prefix, IEnumerable<ConfigurationKey<T>> keys, T before, T after)
    {
        string outer = _prefix;
        _prefix = outer + prefix;
        foreach (ConfigurationKey<T> key in keys)
        {
            key.Compare(before, after, this);
        }

        _prefix = outer;
    }

    /// <summary>Compares two lists of objects that have names.</summary>
    /// <param name="before">The list before.</param>
    /// <param name="after">The list after.</param>
    /// <param name="nameOf">What tells them apart.</param>
    /// <param name="compare">Compares two with the same name.</param>
    internal void CompareItems<T>(IEnumerable<T> before, IEnumerable<T> after, Func<T, string> nameOf, Action<string, T, T> compare)
    {
        // Names are unique in a configuration without errors, but for listeners on port 0.
        var left = before.ToLookup(nameOf, StringComparer.Ordinal).ToDictionary(static same => same.Key, static same => new Queue<T>(same));
        foreach (T now in after)
        {
            string name = nameOf(now);
            if (left.TryGetValue(name, out Queue<T>? same) && same.TryDequeue(out T? was))
            {
                compare(Printable.Shorten(name), was, now);
            }
            else
            {
                AddItem(Printable.Shorten(name), isAdded: true);
            }
        }

        foreach (T gone in left.Values.SelectMany(static same => same))
        {
            AddItem(Printable.Shorten(nameOf(gone)), isAdded: false);
        }
    }

    /// <summary>Compares two lists of values: a few are named, many are counted.</summary>
    internal void CompareValues(string name, IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        if (before.SequenceEqual(after))
        {
            return;
        }

        string[] added = [.. after.Except(before)];
        string[] removed = [.. before.Except(after)];
        if (added.Length + removed.Length == 0)
        {
            Add($"{name} in another order");
        }
        else if (added.Length + removed.Length > MostValuesNamed)
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"{name}: {added.Length} added, {removed.Length} removed"));
        }
        else
        {
            Array.ForEach(added, value => AddItem($"{name} {Text(value)}", isAdded: true));
            Array.ForEach(removed, value => AddItem($"{name} {Text(value)}", isAdded: false));
        }
    }

    private static string Text(string? value) => value is null ? None : Printable.Shorten(value);

    private void Add(string text)
    {
        if (_texts.Count < MostKept)
        {
            _texts.Add(_prefix + text);
        }
        else
        {
            _notKept++;
        }
    }
}
