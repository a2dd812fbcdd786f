using System.Globalization;
using System.Text.RegularExpressions;

namespace ProxyCore.Tests.Admin;

/// <summary>
/// Reads Prometheus' text format 0.0.4 and asserts its rules:
/// https://github.com/prometheus/docs/blob/main/docs/instrumenting/exposition_formats.md.
/// </summary>
internal sealed partial class ExpositionFormat
{
    private readonly HashSet<string> _finished = [];
    private readonly Dictionary<string, string> _types = [];
    private string _family = "";

    /// <summary>The samples: name and labels as they are written, and the value.</summary>
    internal Dictionary<string, double> Samples { get; } = [];

    internal static ExpositionFormat Parse(string text)
    {
        Assert.That(text, Does.EndWith("\n"), "the last line has an end");
        Assert.That(text, Does.Not.Contain("\r"));
        var format = new ExpositionFormat();
        foreach (string line in text.Split('\n')[..^1])
        {
            format.Read(line);
        }

        format.CheckHistograms();
        return format;
    }

    /// <summary>The sum of all that has this name and, among its labels, this one.</summary>
    internal double SumOf(string name, string label) => Samples
        .Where(sample => sample.Key.StartsWith($"{name}{{", StringComparison.Ordinal) && sample.Key.Contains(label, StringComparison.Ordinal))
        .Sum(static sample => sample.Value);

    private void Read(string line)
    {
        if (Comment().Match(line) is { Success: true } comment)
        {
            Enter(comment.Groups["name"].Value);
            if (comment.Groups["kind"].Value == "TYPE")
            {
                Assert.That(comment.Groups["rest"].Value, Does.Match("^(counter|gauge|histogram|summary|untyped)$"), line);
                Assert.That(_types.TryAdd(_family, comment.Groups["rest"].Value), $"one type: {line}");
            }

            return;
        }

        if (line.Length == 0 || line.StartsWith("# ", StringComparison.Ordinal))
        {
            return;
        }

        Match sample = Sample().Match(line);
        Assert.That(sample.Success, $"a sample: {line}");
        string name = sample.Groups["name"].Value;
        Assert.That(BelongsTo(name, _family) || _family != name, $"a family stands together: {line}");
        if (!BelongsTo(name, _family))
        {
            Enter(name);
        }

        string[] labels = [.. sample.Groups["label"].Captures.Select(static label => label.Value)];
        Assert.That(labels, Is.Unique, line);
        Assert.That(Samples.TryAdd($"{name}{sample.Groups["labels"].Value}", Number(sample.Groups["value"].Value)), $"once: {line}");
    }

    private void Enter(string family)
    {
        if (family == _family)
        {
            return;
        }

        _finished.Add(_family);
        _family = family;
        Assert.That(_finished, Does.Not.Contain(family), "a family stands together");
    }

    private bool BelongsTo(string name, string family) => name == family
        || (_types.GetValueOrDefault(family) is "histogram" && name[family.Length..] is "_bucket" or "_sum" or "_count"
            && name.StartsWith(family, StringComparison.Ordinal));

    private void CheckHistograms()
    {
        foreach (string family in _types.Where(static type => type.Value == "histogram").Select(static type => type.Key))
        {
            var series = Samples
                .Where(sample => sample.Key.StartsWith($"{family}_bucket{{", StringComparison.Ordinal))
                .GroupBy(static sample => UpperBound().Replace(sample.Key, ""));
            foreach (var one in series)
            {
                double[] bounds = [.. one.Select(static sample => Number(UpperBound().Match(sample.Key).Groups[1].Value))];
                Assert.That(bounds, Is.Ordered.Ascending.And.Unique, family);
                Assert.That(bounds[^1], Is.EqualTo(double.PositiveInfinity), family);
                Assert.That(one.Select(static sample => sample.Value), Is.Ordered.Ascending, family);
            }
        }
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"^# (?<kind>HELP|TYPE) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?: (?<rest>(?:[^\\]|\\\\|\\n)*))?$")]
    private static partial Regex Comment();

    [GeneratedRegex(
        @"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)"
        + @"(?<labels>\{(?:(?<label>[a-zA-Z_][a-zA-Z0-9_]*)=""(?:[^""\\]|\\\\|\\""|\\n)*"",?)*\})?"
        + @" (?<value>NaN|[+-]Inf|[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)(?: (?<time>-?[0-9]+))?$")]
    private static partial Regex Sample();

    [GeneratedRegex(@"le=""([^""]*)"",?")]
    private static partial Regex UpperBound();
}
