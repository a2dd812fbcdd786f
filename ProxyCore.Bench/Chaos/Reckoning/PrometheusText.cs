using System.Globalization;

namespace ProxyCore.Bench.Chaos.Reckoning;

/// <summary>Reads the text format of Prometheus, as far as it is needed here.</summary>
internal static class PrometheusText
{
    /// <summary>The sum of <paramref name="metric"/> over all its tags.</summary>
    internal static long Sum(string text, string metric) =>
        (long)text.Split('\n').Where(line => IsOf(line, metric)).Sum(Value);

    private static bool IsOf(string line, string metric) =>
        line.StartsWith(metric, StringComparison.Ordinal) && line.Length > metric.Length && line[metric.Length] is '{' or ' ';

    // A value stands behind the tags, which may have blanks in them, and a time may follow.
    private static double Value(string line)
    {
        string behind = line[(line.LastIndexOf('}') + 1)..];
        string[] parts = behind.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string value = line.Contains('}', StringComparison.Ordinal) ? parts[0] : parts[1];
        return double.Parse(value, CultureInfo.InvariantCulture);
    }
}
