using System.Globalization;
using System.Text.Json;
using ProxyCore.Bench.Micro;

namespace ProxyCore.Bench.Reporting;

/// <summary>The page's section on what a reload costs.</summary>
internal static class ReloadSection
{
    private const string DataFile = "reload.json";
    private const string TimePlot = "reload-time.svg";
    private const string TurnPlot = "reload-turn.svg";

    private const string Text =
        """
        ## Reload

        ```sh
        dotnet run -c Release --project ProxyCore.Bench -- reload    # a minute
        ```

        What a change of the configuration costs, by `TcpProxy.ApplyAsync`: the time from the options to the end of the change, and the longest
        turn of the loop meanwhile. For so long a client may wait for its next byte. The turns are counted with the pauses of the garbage
        collector in them, and without: that is what the loop itself does. Medians of 9 reloads. Each route has one endpoint and one upstream.
        The settings of 5000 routes are some 18 KB of objects each while they are read and compared, and what of them is alive when a
        collection begins is what it takes its time for.
        """;

    /// <summary>Measures, and keeps the results in <paramref name="folder"/>, with the plots.</summary>
    internal static async Task MeasureAsync(string folder, IReadOnlyList<int> counts)
    {
        var routes = new List<ReloadCost>();
        var upstreams = new List<ReloadCost>();
        foreach (int count in counts)
        {
            await Console.Error.WriteLineAsync($"{count} routes, then upstreams");
            routes.AddRange(await ReloadCost.OfRoutesAsync(count));
            upstreams.AddRange(await ReloadCost.OfUpstreamsAsync(count));
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, DataFile), JsonSerializer.Serialize(new Measured(routes, upstreams)) + "\n");
        Plot(Path.Combine(folder, TimePlot), "Time of a reload", routes, static cost => cost.Milliseconds);
        Plot(Path.Combine(folder, TurnPlot), "Longest turn of the loop during a reload", routes, static cost => cost.LongestTurn ?? 0);
    }

    /// <summary>The section, from what was measured last; null when nothing was.</summary>
    /// <param name="folder">Where the results are.</param>
    /// <param name="linkTo">The same folder, as the page calls it.</param>
    internal static string? Of(string folder, string linkTo)
    {
        string file = Path.Combine(folder, DataFile);
        if (!File.Exists(file))
        {
            return null;
        }

        Measured measured = JsonSerializer.Deserialize<Measured>(File.ReadAllText(file))!;
        return $"""
            {Text}

            ![Time of a reload]({linkTo}/{TimePlot})
            ![Longest turn of the loop during a reload]({linkTo}/{TurnPlot})

            {TableOf("routes", measured.Routes)}
            The same of one route with many upstreams:

            {TableOf("upstreams", measured.Upstreams)}
            """;
    }

    private static void Plot(string file, string title, IReadOnlyList<ReloadCost> costs, Func<ReloadCost, double> figure) => Plots.Lines(
        file,
        title,
        "routes",
        "ms",
        costs.Where(static cost => cost.Change != ReloadCost.Start).GroupBy(static cost => cost.Change).ToDictionary(
            static change => $"{change.Key} changed",
            change => (IReadOnlyList<(double, double)>)[.. change.Select(cost => ((double)cost.Count, figure(cost)))]));

    private static string TableOf(string counted, IReadOnlyList<ReloadCost> costs) => Table.Render(
        ["changed", counted, "ms", "longest turn, ms", "without pauses", "MB allocated"],
        costs.GroupBy(static cost => cost.Change).SelectMany(static change => change).Select(static cost => (IReadOnlyList<string>)
        [
            cost.Change,
            cost.Count.ToString("N0", CultureInfo.InvariantCulture),
            cost.Milliseconds.ToString("N1", CultureInfo.InvariantCulture),
            TurnOf(cost.LongestTurn),
            TurnOf(cost.OwnWork),
            cost.Allocated.ToString("N1", CultureInfo.InvariantCulture),
        ]));

    private static string TurnOf(double? milliseconds) => milliseconds?.ToString("N2", CultureInfo.InvariantCulture) ?? "–";

    private sealed record Measured(IReadOnlyList<ReloadCost> Routes, IReadOnlyList<ReloadCost> Upstreams);
}
