using System.Text;
using ProxyCore.Bench.Comparing;
using ProxyCore.Bench.Load;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Reporting;

/// <summary>The page <c>performance.md</c> with its plots, from everything that was measured.</summary>
internal sealed class Page(Results results, string docs)
{
    private const string PlotFolder = "performance";

    private readonly StringBuilder _text = new();

    /// <summary>Where the results and plots of a page in <paramref name="docs"/> are kept.</summary>
    internal static string FolderIn(string docs) => Path.Combine(docs, PlotFolder);

    internal void Write()
    {
        Paragraph(
            """
            # Performance

            ```sh
            dotnet run -c Release --project ProxyCore.Bench -- compare    # half an hour: the tables
            dotnet run -c Release --project ProxyCore.Bench -- compare --scenarios connect-proxy,connect-sni --contenders 'ProxyCore native,HAProxy'
            dotnet run -c Release --project ProxyCore.Bench -- growth     # a quarter of an hour: the curves
            dotnet run -c Release --project ProxyCore.Bench -- micro      # the pieces, by BenchmarkDotNet
            ```

            The first two write this page. Load generator, proxy and upstream share the machine's cores, so requests/s depend
            on what the proxy leaves to the other two; processor time a request is the figure to trust. Every contender has
            its turn in each round; a ratio is the median over the rounds of two figures of the same round. Each proxy runs on
            one thread, and is started anew for each measurement.

            The figures of the connect scenarios come from 7 rounds of one second of a later build than the others, those of TLS from
            7 rounds of a build after that, of tls-latency from 10. Between two runs the ratios of TLS differ by up to a tenth.
            """);
        Paragraph($"Measured on: {results.Machine}");
        WriteGoals();
        WriteComparison();
        Paragraph(TlsSection.Text(results.Measurements));
        Paragraph(SystemCalls.Text);
        WriteGrowth();
        if (SelectSection.Of(FolderIn(docs), PlotFolder) is { } select)
        {
            Paragraph(select);
        }

        if (ReloadSection.Of(FolderIn(docs), PlotFolder) is { } reload)
        {
            Paragraph(reload);
        }

        File.WriteAllText(Path.Combine(docs, "performance.md"), _text.ToString().TrimEnd() + "\n");
    }

    private void WriteGoals()
    {
        if (Goal.All.Any(goal => goal.Reached(results.Measurements) is not null))
        {
            Paragraph("## ProxyCore native over HAProxy");
            Paragraph(ComparisonTables.OfGoals(results.Measurements));
        }
    }

    private void WriteComparison()
    {
        Scenario[] scenarios = [.. Scenarios.All.Where(scenario => !scenario.Kind.IsTls() && Of(scenario.Name).Any())];
        if (scenarios.Length == 0)
        {
            return;
        }

        Paragraph("## Scenarios");
        PlotBars("time.svg", "Processor time a request or connection", "µs", scenarios, LoadKind.Bulk, Figure.TimePerRequest, only: false);
        PlotBars("bulk.svg", "Transfers", "MB/s", scenarios, LoadKind.Bulk, Figure.Bytes, only: true);
        foreach (Scenario scenario in scenarios)
        {
            Paragraph($"### {scenario.Name}: {scenario.Description}");
            Paragraph(ComparisonTables.Of(scenario, results.Measurements));
        }
    }

    private void WriteGrowth()
    {
        if (!results.Measurements.Any(static one => one.Scenario.StartsWith("growth-", StringComparison.Ordinal)))
        {
            return;
        }

        Paragraph("## Growth");
        Paragraph("What a request costs the more connections there are: of the proxy's processor time, in µs.");
        PlotGrowth("idle.svg", "64 busy connections beside idle ones", "idle connections", GrowthScenarios.IdlePrefix, GrowthScenarios.Idle);
        PlotGrowth("busy.svg", "Busy connections alone", "busy connections", GrowthScenarios.BusyPrefix, GrowthScenarios.Busy);
    }

    private void PlotBars(
        string file, string title, string along, IReadOnlyList<Scenario> scenarios, LoadKind kind, Figure figure, bool only)
    {
        Scenario[] shown = [.. scenarios.Where(scenario => scenario.Kind == kind == only)];
        // socat's process for each connection would leave no room for the others; its figures are in the tables.
        string[] names = [.. Names(shown).Where(name => only || (name != Contenders.Direct.Name && name != Contenders.SocatName))];
        if (shown.Length == 0)
        {
            return;
        }

        Plots.Bars(
            PathOf(file),
            title,
            along,
            [.. shown.Select(static scenario => scenario.Name)],
            names.ToDictionary(
                static name => name,
                name => (IReadOnlyList<double>)[.. shown.Select(scenario => Median(scenario.Name, name, figure))]));
        ShowPlot(title, file);
    }

    private void PlotGrowth(string file, string title, string across, string prefix, IReadOnlyList<int> counts)
    {
        string[] names = [.. Names(GrowthScenarios.All).Where(static name => name != Contenders.Direct.Name)];
        int[] measured = [.. counts.Where(count => Of($"{prefix}{count}").Any())];
        Plots.Lines(
            PathOf(file),
            title,
            across,
            "processor µs/request",
            names.ToDictionary(
                static name => name,
                name => (IReadOnlyList<(double, double)>)
                    [.. measured.Select(count => ((double)count, Median($"{prefix}{count}", name, Figure.TimePerRequest)))]));
        ShowPlot(title, file);
        Paragraph(Table.Render(
            [across, .. names],
            measured.Select(count => (IReadOnlyList<string>)
                [$"{count}", .. names.Select(name => Figure.TimePerRequest.Show(Median($"{prefix}{count}", name, Figure.TimePerRequest)))])));
    }

    private IEnumerable<Measurement> Of(string scenario) => results.Measurements.Where(one => one.Scenario == scenario);

    private IEnumerable<string> Names(IEnumerable<Scenario> scenarios) =>
        scenarios.SelectMany(scenario => Of(scenario.Name)).Select(static one => one.Contender).Distinct().Order();

    private double Median(string scenario, string contender, Figure figure) =>
        Medians.Of(Of(scenario).Where(one => one.Contender == contender).Select(figure.Value));

    private string PathOf(string file) => Path.Combine(FolderIn(docs), file);

    private void ShowPlot(string title, string file) => Paragraph($"![{title}]({PlotFolder}/{file})");

    private void Paragraph(string text) => _text.Append(text.TrimEnd()).Append("\n\n");
}
