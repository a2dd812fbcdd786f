using System.Globalization;
using ProxyCore.Bench.Comparing;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Reporting;

/// <summary>The tables of a comparison.</summary>
internal static class ComparisonTables
{
    /// <summary>Everybody in one scenario: medians over the rounds, and their ratios to HAProxy and to no proxy.</summary>
    internal static string Of(Scenario scenario, IReadOnlyList<Measurement> measurements)
    {
        IReadOnlyList<Figure> figures = Figure.Of(scenario.Kind);
        Measurement[] own = [.. measurements.Where(one => one.Scenario == scenario.Name)];
        string[] titles =
        [
            "", figures[0].Title, "over HAProxy", "over direct", figures[1].Title, "over HAProxy",
            .. figures.Skip(2).Select(static figure => figure.Title),
        ];
        return Table.Render(titles, own.Select(static one => one.Contender).Distinct().Order().Select(name => Row(name, own, figures)));
    }

    /// <summary>What had to be reached, and what was.</summary>
    internal static string OfGoals(IReadOnlyList<Measurement> measurements) => Table.Render(
        ["scenario", "figure", "must be", "is", ""],
        from goal in Goal.All
        let reached = goal.Reached(measurements)
        where reached is not null
        select (IReadOnlyList<string>)
        [
            goal.Contender == Contenders.NativeSslStream ? $"{goal.Scenario}, SslStream" : goal.Scenario,
            goal.Figure.Title,
            (goal.IsFloor ? "≥ " : "≤ ") + Show(goal, goal.Bound),
            Show(goal, reached.Value),
            goal.IsMetBy(reached.Value) ? "met" : "missed",
        ]);

    internal static string Ratio(double? ratio) =>
        ratio is { } value ? value.ToString("0.00", CultureInfo.InvariantCulture) + "×" : "";

    private static string Show(Goal goal, double value) => goal.IsAbsolute ? goal.Figure.Show(value) : Ratio(value);

    private static IReadOnlyList<string> Row(string name, IReadOnlyList<Measurement> own, IReadOnlyList<Figure> figures)
    {
        return
        [
            name,
            Median(figures[0]),
            Ratio(Medians.OfRatios(own, name, Contenders.HAProxyName, figures[0].Value)),
            Ratio(Medians.OfRatios(own, name, Contenders.Direct.Name, figures[0].Value)),
            Median(figures[1]),
            Ratio(Medians.OfRatios(own, name, Contenders.HAProxyName, figures[1].Value)),
            .. figures.Skip(2).Select(Median),
        ];

        string Median(Figure figure) =>
            figure.Show(Medians.Of(own.Where(one => one.Contender == name).Select(figure.Value)));
    }
}
