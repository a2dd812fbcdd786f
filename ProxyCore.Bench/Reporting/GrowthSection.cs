using System.Globalization;
using System.Text;
using System.Text.Json;
using ProxyCore.Bench.Comparing;
using ProxyCore.Bench.Micro;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Reporting;

/// <summary>The page's section on what costs how much the more there is of it.</summary>
/// <param name="measurements">All that was measured.</param>
/// <param name="folder">Where the plots and the costs of this process are.</param>
/// <param name="linkTo">The same folder, as the page calls it.</param>
internal sealed class GrowthSection(IReadOnlyList<Measurement> measurements, string folder, string linkTo)
{
    private const string DataFile = "growth.json";

    private static readonly Figure _start = new("ms to listen", static one => one.StartSeconds * 1000, "N0");

    private readonly StringBuilder _text = new();

    /// <summary>Measures what this process can measure alone, and keeps it in <paramref name="folder"/>.</summary>
    internal static void Measure(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, DataFile), JsonSerializer.Serialize(GrowthCosts.Measure()) + "\n");
    }

    /// <summary>The section; nothing when nothing was measured.</summary>
    internal string Text()
    {
        if (IsMeasured(GrowthScenarios.IdlePrefix) || IsMeasured(GrowthScenarios.BusyPrefix) || IsMeasured(GrowthScenarios.RoutesPrefix))
        {
            Paragraph("## Growth");
            WriteConnections();
            WriteRoutes();
        }

        WriteCosts();
        return _text.ToString();
    }

    private void WriteConnections()
    {
        Paragraph("What a request costs the more connections there are: of the proxy's processor time, in µs.");
        Curves("idle.svg", "64 busy connections beside idle ones", "idle connections", GrowthScenarios.IdlePrefix, GrowthScenarios.Idle, Figure.TimePerRequest, Plots.Lines);
        Curves("busy.svg", "Busy connections alone", "busy connections", GrowthScenarios.BusyPrefix, GrowthScenarios.Busy, Figure.TimePerRequest, Plots.Lines);
    }

    private void WriteRoutes()
    {
        if (!IsMeasured(GrowthScenarios.RoutesPrefix))
        {
            return;
        }

        Paragraph(
            """
            ### Routes

            Each route has an address of its own, and the clients connect to that of the last one: a busy request, a new connection,
            and what the proxy needs to start. In the curve of the names all routes share one address, and a TLS hello's server
            name chooses one of the last twenty.
            """);
        Curves("routes.svg", "A busy request", "routes", GrowthScenarios.RoutesPrefix, GrowthScenarios.Routes, Figure.TimePerRequest, Plots.LogLines);
        Curves("routes-connect.svg", "A new connection", "routes", GrowthScenarios.ConnectPrefix, GrowthScenarios.Routes, Figure.TimePerConnection, Plots.LogLines);
        Curves("routes-names.svg", "A new connection, by its server name", "names", GrowthScenarios.NamesPrefix, GrowthScenarios.Routes, Figure.TimePerConnection, Plots.LogLines);
        Curves("routes-start.svg", "From the start until it listens", "routes", GrowthScenarios.ConnectPrefix, GrowthScenarios.Routes, _start, Plots.LogLines);
        Curves("routes-memory.svg", "Resident at the start", "routes", GrowthScenarios.ConnectPrefix, GrowthScenarios.Routes, Figure.ResidentAtStart, Plots.LogLines);
    }

    private void WriteCosts()
    {
        string file = Path.Combine(folder, DataFile);
        if (!File.Exists(file))
        {
            return;
        }

        GrowthCost[] costs = JsonSerializer.Deserialize<GrowthCost[]>(File.ReadAllText(file))!;
        Paragraph(
            """
            ### Pools and lists

            ```sh
            dotnet run -c Release --project ProxyCore.Bench -- costs    # half a minute
            ```

            What ProxyCore itself needs for each new connection, in ns, measured in one process without sockets: to choose an upstream by each
            balancing policy and give it back; to look up an address, half of which are in the list; to count a client's
            connection and release it.
            """);
        Curves("pools.svg", "Choosing an upstream", "upstreams", [.. costs.Where(static one => one.Subject == GrowthCosts.Pools)]);
        Curves("lists.svg", "Lists and limits", "entries", [.. costs.Where(static one => one.Subject == GrowthCosts.Lists)]);
    }

    private void Curves(string file, string title, string across, GrowthCost[] costs)
    {
        string[] series = [.. costs.Select(static one => one.Series).Distinct()];
        int[] sizes = [.. costs.Select(static one => one.Size).Distinct().Order()];
        double Of(string name, int size) => costs.Single(one => one.Series == name && one.Size == size).Nanoseconds;
        Show(file, title, across, "ns", "N0", series, sizes, Of, Plots.LogLines);
    }

    private void Curves(
        string file, string title, string across, string prefix, IReadOnlyList<int> counts, Figure figure, Plots.Drawing draw)
    {
        int[] measured = [.. counts.Where(count => Of(prefix, count).Any())];
        string[] names =
        [
            .. measured.SelectMany(count => Of(prefix, count)).Select(static one => one.Contender).Distinct().Order(StringComparer.Ordinal)
                .Where(name => name != Contenders.Direct.Name && Of(prefix, measured[^1]).Any(one => one.Contender == name)),
        ];
        double Median(string name, int count) => Medians.Of(Of(prefix, count).Where(one => one.Contender == name).Select(figure.Value));
        if (measured.Length > 0)
        {
            Show(file, title, across, figure.Title, figure.Format, names, measured, Median, draw);
        }
    }

    private void Show(
        string file, string title, string across, string up, string format, string[] names, int[] sizes, Func<string, int, double> value, Plots.Drawing draw)
    {
        draw(
            Path.Combine(folder, file),
            title,
            across,
            up,
            names.ToDictionary(
                static name => name,
                name => (IReadOnlyList<(double, double)>)[.. sizes.Select(size => ((double)size, value(name, size)))]));
        Paragraph($"![{title}]({linkTo}/{file})");
        Paragraph(Table.Render(
            [$"{across}: {up}", .. names],
            sizes.Select(size => (IReadOnlyList<string>)
                [$"{size}", .. names.Select(name => value(name, size).ToString(format, CultureInfo.InvariantCulture))])));
    }

    private bool IsMeasured(string prefix) => measurements.Any(one => one.Scenario.StartsWith(prefix, StringComparison.Ordinal));

    private IEnumerable<Measurement> Of(string prefix, int count) => measurements.Where(one => one.Scenario == $"{prefix}{count}");

    private void Paragraph(string text) => _text.Append(text.TrimEnd()).Append("\n\n");
}
