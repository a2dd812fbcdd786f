using System.Globalization;
using System.Text;
using ProxyCore.Bench.Calls;
using ProxyCore.Bench.Comparing;
using ProxyCore.Bench.Load;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Reporting;

/// <summary>The page <c>performance.md</c> with its plots, from everything that was measured.</summary>
internal sealed class Page(Results results, string docs)
{
    private const string PlotFolder = "performance";

    // No proxy costs nothing; a process for each connection, and Select over thousands of sockets, so much that they would
    // leave no room for the others. Their figures are in the tables.
    private static readonly string[] _withoutCost = [Contenders.Direct.Name, OtherProxies.Socat, Contenders.NoParking];

    private readonly StringBuilder _text = new();

    /// <summary>Where the results and plots of a page in <paramref name="docs"/> are kept.</summary>
    internal static string FolderIn(string docs) => Path.Combine(docs, PlotFolder);

    internal void Write()
    {
        Paragraph(
            """
            # Performance

            ```sh
            dotnet run -c Release --project ProxyCore.Bench -- compare --seconds 1    # half an hour: the tables
            dotnet run -c Release --project ProxyCore.Bench -- compare --seconds 1 --scenarios tls    # ten minutes: those of TLS
            dotnet run -c Release --project ProxyCore.Bench -- growth --seconds 1 --rounds 3    # ten minutes: the curves
            dotnet run -c Release --project ProxyCore.Bench -- calls     # two minutes: the system calls
            dotnet run -c Release --project ProxyCore.Bench -- costs     # half a minute: larger pools, longer lists
            dotnet run -c Release --project ProxyCore.Bench -- select    # seconds: Select alone
            dotnet run -c Release --project ProxyCore.Bench -- reload    # a minute: changes of the configuration
            dotnet run -c Release --project ProxyCore.Bench -- micro     # the pieces, by BenchmarkDotNet
            ```

            All but the last write this page, each its part; `page` only writes it anew from what is kept in `performance/`. A part can be
            measured alone: `compare --scenarios connect,bulk-1 --contenders 'ProxyCore native,HAProxy'`, which replaces all figures of
            these scenarios. `--native PATH` and `--jit PATH` take commands that are built already, and `--haproxy PATH` adds a HAProxy
            beside the installed one. Programs that are not installed are left out, with a line that says so.

            - Load generator, proxy and upstream share the machine's cores, so requests/s depend on what the proxy leaves to the other two;
              processor time a request is the figure to trust.
            - Every contender has its turn in each round. **A ratio is the median over the rounds of two figures of the same round**, so what
              slows the machine down for a while slows both. It may differ from the ratio of the two medians beside it.
            - Each proxy runs on one thread, except where the name says otherwise and Go's, and is started anew for each measurement.
            - "HAProxy splice" has `option splice-request` and `option splice-response`: the kernel moves the bytes.
              ProxyCore copies them, 2 MB at a time, because that is faster here: a C program that relays by `splice(2)` through a pipe
              of 1 MB moved 1.2 GB/s for 0.31 s of processor time a GB (0.9 to 1.1 GB/s for 0.7 s with a pipe of 64 KB), the same
              program with `recv` and `send` of 2 MB 1.8 GB/s for 0.32 s (medians of three, Linux 6.18, November 2026).
            - "C relay" is the limit of what a relay can do, a small program that does nothing but wait, receive and send
              ([relay.c](../ProxyCore.Bench/Peers/Sources/relay.c)). "direct" is no proxy.
            - "Select alone" is ProxyCore with `--no-parking`. "ProxyCore plain", in the scenarios of limits and toxics, is ProxyCore native
              without them.
            """);
        Paragraph($"Measured on: {results.Machine}");
        IReadOnlyList<CallCount>? counts = CallCount.Load(FolderIn(docs));
        WriteGoals(counts);
        WriteComparison();
        Paragraph(TlsSection.Text(results.Measurements));
        if (CallsSection.Of(counts) is { } calls)
        {
            Paragraph(calls);
        }

        Paragraph(new GrowthSection(results.Measurements, FolderIn(docs), PlotFolder).Text());
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

    private void WriteGoals(IReadOnlyList<CallCount>? counts)
    {
        if (Goal.All.Any(goal => goal.Reached(results.Measurements) is not null))
        {
            Paragraph("## What must be reached");
            Paragraph(
                """
                By ProxyCore native, over the figure of another. The rate of transfers has two bounds, of which one is enough: where the machine
                itself is the limit, no proxy is much faster than another.
                """);
            Paragraph(ComparisonTables.OfGoals(results.Measurements, counts));
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
        PlotBars("time.svg", "Processor time a request or connection", "µs", [.. scenarios.Where(IsPlain)], Figure.TimePerRequest, _withoutCost);
        PlotBars("bulk.svg", "Transfers", "MB/s", [.. scenarios.Where(static scenario => scenario.Kind.IsBulk())], Figure.Bytes, []);
        foreach (Scenario scenario in scenarios)
        {
            Paragraph($"### {scenario.Name}: {scenario.Description}");
            Paragraph(Rounds(scenario));
            Paragraph(ComparisonTables.Of(scenario, results.Measurements));
        }
    }

    private string Rounds(Scenario scenario)
    {
        Measurement[] own = [.. Of(scenario.Name)];
        return string.Create(CultureInfo.InvariantCulture, $"{own.Max(static one => one.Round)} rounds of {own[0].Load.Seconds:0.#} s.");
    }

    private static bool IsPlain(Scenario scenario) => scenario.Features == Features.None && !scenario.Kind.IsBulk();

    private void PlotBars(string file, string title, string along, IReadOnlyList<Scenario> shown, Figure figure, string[] without)
    {
        string[] names = [.. Names(shown).Except(without)];
        if (shown.Count == 0)
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

    private IEnumerable<Measurement> Of(string scenario) => results.Measurements.Where(one => one.Scenario == scenario);

    private IEnumerable<string> Names(IEnumerable<Scenario> scenarios) =>
        scenarios.SelectMany(scenario => Of(scenario.Name)).Select(static one => one.Contender).Distinct().Order(StringComparer.Ordinal);

    private double Median(string scenario, string contender, Figure figure) =>
        Medians.Of(Of(scenario).Where(one => one.Contender == contender).Select(figure.Value));

    private string PathOf(string file) => Path.Combine(FolderIn(docs), file);

    private void ShowPlot(string title, string file) => Paragraph($"![{title}]({PlotFolder}/{file})");

    private void Paragraph(string text) => _text.Append(text.TrimEnd()).Append("\n\n");
}
