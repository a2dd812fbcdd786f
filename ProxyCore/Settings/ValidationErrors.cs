namespace ProxyCore.Settings;

/// <summary>The mistakes found so far in options, each with its path: all are told at once.</summary>
internal sealed class ValidationErrors
{
    // Enough to mend a file by; a hostile one must not fill the log.
    private const int MostTold = 100;

    private readonly List<(string Path, string Mistake)> _found = [];

    internal bool Any => _found.Count > 0;

    /// <summary>A line for each, in the order of finding.</summary>
    internal IEnumerable<string> Lines => _found.Count <= MostTold
        ? _found.Select(static one => $"{one.Path}: {one.Mistake}")
        : _found.Take(MostTold).Select(static one => $"{one.Path}: {one.Mistake}").Append($"and {_found.Count - MostTold} mistakes more");

    internal void Add(string path, string mistake) => _found.Add((path, mistake));

    /// <summary>Adds those of <paramref name="others"/> that are not about what has been found wrong already.</summary>
    internal void AddNew(ValidationErrors others)
    {
        string[] known = [.. _found.Select(static one => one.Path)];
        _found.AddRange(others._found.Where(other => !Array.Exists(known, path => IsWithin(other.Path, path))));
    }

    internal void Require(bool holds, string path, string mistake)
    {
        if (!holds)
        {
            Add(path, mistake);
        }
    }

    private static bool IsWithin(string path, string other) =>
        path.StartsWith(other, StringComparison.OrdinalIgnoreCase) && (path.Length == other.Length || path[other.Length] == ':');

    internal void RequireCount(int count, string path, CountLimits limits) =>
        Require(limits.Allow(count), path, $"must be {limits}");

    internal void RequireTimeout(TimeSpan timeout, string path) =>
        Require(OptionLimits.Timeout.Allow(timeout), path, "must be more than zero, and at most 365 days");

    internal void RequireTime(TimeSpan time, string path, TimeLimits limits, string leastInWords) =>
        Require(limits.Allow(time), path, $"must be from {leastInWords} to 365 days");
}
