using System.Globalization;
using ProxyCore.Bench.Calls;
using ProxyCore.Bench.Comparing;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Reporting;

/// <summary>The tables of a comparison.</summary>
internal static class ComparisonTables
{
    // Whose figures the first two of a scenario are put over, as far as they were measured in it. The C relay is compared
    // by what a request costs it, since nothing else of it is a proxy's.
    private static readonly string[] _over = [HAProxies.Name, HAProxies.Splice, Contenders.Plain, Contenders.Direct.Name];
    private static readonly string[] _costOver = [HAProxies.Name, HAProxies.Splice, Contenders.Plain, OtherProxies.Limit];

    /// <summary>Everybody in one scenario: medians over the rounds, and the ratios of the first two figures to those of others.</summary>
    internal static string Of(Scenario scenario, IReadOnlyList<Measurement> measurements)
    {
        IReadOnlyList<Figure> figures = Figure.Of(scenario.Kind);
        Measurement[] own = [.. measurements.Where(one => one.Scenario == scenario.Name)];
        string[] names = [.. own.Select(static one => one.Contender).Distinct().Order(StringComparer.Ordinal)];
        string[] over = [.. _over.Intersect(names)];
        string[] costOver = [.. _costOver.Intersect(names)];
        string[] titles =
        [
            "", figures[0].Title, .. over.Select(static name => $"over {name}"),
            figures[1].Title, .. costOver.Select(static name => $"over {name}"),
            .. figures.Skip(2).Select(static figure => figure.Title),
        ];
        return Table.Render(titles, names.Select(Row));

        IReadOnlyList<string> Row(string name) =>
        [
            name, Median(name, figures[0]), .. Ratios(name, over, figures[0]),
            Median(name, figures[1]), .. Ratios(name, costOver, figures[1]),
            .. figures.Skip(2).Select(figure => Median(name, figure)),
        ];

        string Median(string name, Figure figure) =>
            figure.Show(Medians.Of(own.Where(one => one.Contender == name).Select(figure.Value)));

        IEnumerable<string> Ratios(string name, string[] others, Figure figure) =>
            others.Select(other => Ratio(Medians.OfRatios(own, name, other, figure.Value)));
    }

    /// <summary>What had to be reached, and what was.</summary>
    internal static string OfGoals(IReadOnlyList<Measurement> measurements, IReadOnlyList<CallCount>? calls) => Table.Render(
        ["scenario", "figure", "over", "must be", "is", ""],
        [
            .. from goal in Goal.All
               where goal.Reached(measurements) is not null
               select Row(goal, measurements),
            .. Row(calls),
        ]);

    internal static string Ratio(double? ratio) =>
        ratio is { } value ? value.ToString("0.00", CultureInfo.InvariantCulture) + "×" : "";

    private static IReadOnlyList<string> Row(Goal goal, IReadOnlyList<Measurement> measurements)
    {
        string reached = Show(goal, goal.Reached(measurements)!.Value);
        string bound = (goal.IsFloor ? "≥ " : "≤ ") + Show(goal, goal.Bound);
        if (goal.PartOfDirect is { } part && goal.ReachedOfDirect(measurements) is { } ofDirect)
        {
            bound += $", or {Ratio(part)} direct";
            reached += $", {Ratio(ofDirect)} direct";
        }

        return
        [
            goal.Contender == Contenders.NativeSslStream ? $"{goal.Scenario}, SslStream" : goal.Scenario,
            goal.Figure.Title,
            goal.IsAbsolute ? "" : goal.Over,
            bound,
            reached,
            Verdict(goal.IsMetBy(measurements)),
        ];
    }

    private static IEnumerable<IReadOnlyList<string>> Row(IReadOnlyList<CallCount>? calls) =>
        from count in calls ?? []
        where count.Contender == Contenders.Native && count.Unit == CountedLoad.Connections.Unit
        select (IReadOnlyList<string>)
        [
            "connect",
            "system calls/connection",
            "",
            string.Create(CultureInfo.InvariantCulture, $"≤ {Goal.MostCallsOfConnection:0.0}"),
            string.Create(CultureInfo.InvariantCulture, $"{count.Total:0.0}"),
            Verdict(count.Total <= Goal.MostCallsOfConnection),
        ];

    private static string Verdict(bool isMet) => isMet ? "met" : "missed";

    private static string Show(Goal goal, double value) => goal.IsAbsolute ? goal.Figure.Show(value) : Ratio(value);
}
