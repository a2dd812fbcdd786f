using System.Text.Json;
using ProxyCore.Bench.Micro;

namespace ProxyCore.Bench.Reporting;

/// <summary>The page's section on what connections cost where nothing can be parked.</summary>
internal static class SelectSection
{
    private const string DataFile = "select.json";
    private const string PlotFile = "select.svg";

    private const string Text =
        """
        ## Without parked sockets

        ```sh
        dotnet run -c Release --project ProxyCore.Bench -- select    # seconds
        ```

        On Windows and macOS, and with `--no-parking`, Select watches every socket of every connection. This is what one turn of the
        loop costs then, on Linux: Select does not block, one socket is ready, and each connection has two sockets in the list. A Select that
        blocks costs about three times that, for the kernel then queues itself at every socket.
        """;

    private const string Advice =
        """
        - The cost grows in proportion to the connections, quiet or busy. Each turn of the loop pays it; the more of the connections are busy,
          the more bytes a turn moves.
        - From 80 sockets on .NET's Select allocates 8 bytes a socket at each call. The loop itself allocates nothing. From some 5300
          connections on these 85 KB are large objects, which only collections of the oldest generation free.
        - So **take Linux from some 500 connections on** that are open at a time: beside 500 idle connections a request costs twice what it costs
          there with parked sockets, beside 9000 fifteen times ([Growth](#growth), "Select alone"). Up to 100 it makes no
          difference. Several `Loops` divide the cost.
        - What Windows' own Select costs is **not measured**: no Windows was at hand. Its work is known from .NET's sources: it compares every
          socket of the list with every ready one (`SelectFileDescriptor` in `SocketPal.Windows.cs`), so there the product of the two counts.
        """;

    /// <summary>Measures, and keeps the results in <paramref name="folder"/>, with the plot.</summary>
    internal static void Measure(string folder)
    {
        SelectCost[] costs = [.. SelectCost.Counts.Select(SelectCost.Measure)];
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, DataFile), JsonSerializer.Serialize(costs) + "\n");
        Plots.Lines(
            Path.Combine(folder, PlotFile),
            "One Select over all sockets",
            "connections",
            "µs",
            new Dictionary<string, IReadOnlyList<(double, double)>>
            {
                ["Select"] = [.. costs.Select(static cost => ((double)cost.Connections, cost.Microseconds))],
            });
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

        SelectCost[] costs = JsonSerializer.Deserialize<SelectCost[]>(File.ReadAllText(file))!;
        string table = Table.Render(
            ["connections", "µs a Select", "ns a socket", "KB allocated", "of these by Select"],
            costs.Select(static cost => (IReadOnlyList<string>)
            [
                $"{cost.Connections:N0}",
                $"{cost.Microseconds:N1}",
                $"{cost.Microseconds * 500 / cost.Connections:N0}",
                $"{cost.Bytes / 1000.0:N1}",
                $"{cost.BytesOfSelect / 1000.0:N1}",
            ]));
        return $"{Text}\n\n![One Select over all sockets]({linkTo}/{PlotFile})\n\n{table}\n{Advice}";
    }
}
