using System.Globalization;

namespace ProxyCore.Settings;

/// <summary>The validation errors found so far in options, each with its path: all are reported at once.</summary>
/// <remarks>
/// Errors come from two stages. A configuration is read first: a value that can't be read is refused, and never reaches
/// the options. The options are checked next, and a rule that concerns a refused value would only repeat the first error,
/// or speak of the default that stands in its place.
/// </remarks>
internal sealed class ValidationErrors
{
    // Enough to mend a file by; a hostile one must not fill the log.
    private const int MostReported = 100;

    private readonly List<ValidationError> _found = [];
    private readonly HashSet<string> _refused = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<object, string> _paths = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(object List, int Index), string> _valuePaths = [];

    internal bool Any => _found.Count > 0;

    /// <summary>Whether what is found from now on is only counted.</summary>
    internal bool IsFull => _found.Count >= MostReported;

    /// <summary>The first hundred, in the order of finding.</summary>
    private IEnumerable<ValidationError> Reported => _found.Take(MostReported);

    /// <summary>How many are left out of <see cref="Reported"/>.</summary>
    private string? Rest => _found.Count > MostReported ? $"and {_found.Count - MostReported} mistakes more" : null;

    /// <summary>
    /// Names what has set the value at a path, a file for example, or the whole when the path is empty: lines begin with
    /// it. Null when there is nothing to name.
    /// </summary>
    internal Func<string, string>? OriginOf { get; set; }

    /// <summary>A line for each of <see cref="Reported"/>, and one for the rest.</summary>
    internal IEnumerable<string> Lines
    {
        get
        {
            IEnumerable<string> lines = Reported.Select(one => Line(one.Path, one.ToString()));
            return Rest is { } rest ? lines.Append(Line("", rest)) : lines;
        }
    }

    /// <summary>Adds an error of a value that can't be read.</summary>
    internal void Refuse(string path, string cause)
    {
        _found.Add(new ValidationError(path, cause));
        _refused.Add(path);
    }

    /// <summary>Adds an error of the options, unless what it concerns was refused.</summary>
    /// <returns>Whether <paramref name="holds"/>.</returns>
    internal bool Require(bool holds, string path, string cause)
    {
        if (!holds && !IsRefused(path))
        {
            _found.Add(new ValidationError(path, cause));
        }

        return holds;
    }

    /// <summary>Whether the value at a path, or the object or list that it is in, was refused.</summary>
    internal bool IsRefused(string path)
    {
        for (int end = path.Length; end > 0 && _refused.Count > 0; end = path.LastIndexOf(':', end - 1))
        {
            if (_refused.Contains(path[..end]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether something below a path was refused, an item of a list for example.</summary>
    internal bool IsRefusedBelow(string path) =>
        _refused.Any(one => one.Length > path.Length && one[path.Length] == ':' && one.StartsWith(path, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Says where an item of a list stands in the configuration, if not at its index: items before it were refused, or
    /// have no number.
    /// </summary>
    internal void SetPath(object item, string path) => _paths[item] = path;

    /// <summary>Where an item of a list stands in the configuration.</summary>
    /// <param name="item">The item; may be null.</param>
    /// <param name="atItsIndex">Where it is by its index.</param>
    internal string PathOf(object? item, string atItsIndex) =>
        item is not null && _paths.TryGetValue(item, out string? path) ? path : atItsIndex;

    /// <summary>Says where a value of a list stands. Values have no identity: two of a list may be equal.</summary>
    internal void SetPath(object list, int index, string path) => _valuePaths[(list, index)] = path;

    /// <summary>Where a value of a list stands in the configuration.</summary>
    /// <param name="list">The list, one that is equal only to itself.</param>
    /// <param name="index">The index of the value there.</param>
    /// <param name="path">The path of the list.</param>
    internal string PathOf(object list, int index, string path) =>
        _valuePaths.TryGetValue((list, index), out string? known) ? known : string.Create(CultureInfo.InvariantCulture, $"{path}:{index}");

    private string Line(string path, string text) => OriginOf is null ? text : $"{OriginOf(path)}: {text}";

    internal bool RequireCount(int count, string path, CountLimits limits) =>
        Require(limits.Allow(count), path, $"must be {limits}");

    internal bool RequireShare(double share, string path) =>
        Require(OptionLimits.Share.Allow(share), path, "must be from 0 to 1");

    internal bool RequireTimeout(TimeSpan timeout, string path) =>
        Require(OptionLimits.Timeout.Allow(timeout), path, "must be more than zero, and at most 365 days");

    internal bool RequireTime(TimeSpan time, string path, TimeLimits limits, string leastInWords) =>
        Require(limits.Allow(time), path, $"must be from {leastInWords} to 365 days");

    internal bool RequireNamed<T>(T value, string path)
        where T : struct, Enum =>
        Require(Enum.IsDefined(value), path, $"must be one of {string.Join(", ", Enum.GetNames<T>())}");

    /// <summary>Reads the path of a file, which need not exist; null when the text is none.</summary>
    internal string? ReadFile(string? text, string path) =>
        Require(!string.IsNullOrEmpty(text) && !text.Contains('\0'), path, "must be the path of a file")
            ? Path.GetFullPath(text!)
            : null;
}
