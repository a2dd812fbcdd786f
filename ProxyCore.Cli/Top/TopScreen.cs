using System.Globalization;
using ProxyCore.Cli.Admin;
using ProxyCore.Cli.Remote;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ProxyCore.Cli.Top;

/// <summary>A snapshot as a screen of text. Names come from the network: markup and control characters in them have no effect.</summary>
internal static class TopScreen
{
    // Lines beside the rows of tables: headers, blank lines, proxy, ends, failure, keys.
    private const int LinesAround = 12;
    private const int FewestConnections = 3;
    private const int ConnectionsWithoutTerminal = 20;

    // A narrower terminal would cut addresses: it gets fewer columns.
    private const int WidthOfAllColumns = 100;

    /// <param name="shown">The snapshot.</param>
    /// <param name="rates">The rates of the second before it.</param>
    /// <param name="order">Which connections come first.</param>
    /// <param name="width">The characters in a line.</param>
    /// <param name="height">The lines that there are; null when it does not matter.</param>
    /// <param name="failure">Why there is no newer snapshot; null if it is the newest.</param>
    internal static IRenderable Draw(SnapshotView shown, Rates rates, ConnectionOrder order, int width, int? height, string? failure)
    {
        string head = Head(shown, rates);
        int upstreams = shown.Routes.Sum(static route => 1 + route.Upstreams.Count());
        int room = height is { } lines
            ? Math.Max(FewestConnections, lines - LinesAround - (head.Length / width) - upstreams - shown.Loops.Count())
            : ConnectionsWithoutTerminal;
        var rows = new List<IRenderable>
        {
            Plain(head, new Style(decoration: Decoration.Bold)), Text.Empty,
            Routes(shown), Text.Empty,
            Loops(shown, rates), Text.Empty,
            Ends(shown), Text.Empty,
            Connections(shown, order, room, isNarrow: width < WidthOfAllColumns),
        };
        if (failure is not null)
        {
            rows.Insert(0, Plain($"{failure}; trying again", new Style(Color.Red)));
        }

        if (height is not null)
        {
            rows.Add(Text.Empty);
            rows.Add(Plain($"q quits   s sorts connections: {(order == ConnectionOrder.Busiest ? "busiest" : "oldest")} first", new Style(Color.Grey)));
        }

        return new Rows(rows);
    }

    private static string Head(SnapshotView shown, Rates rates) =>
        $"proxycore {shown.Version}   {shown.State}   up {Readable.Time(shown.UptimeSeconds)}   "
        + $"{shown.Statistics.Active} of {shown.MaxConnections} connections   {Readable.Rate(rates.Accepted)} new   "
        + $"{Readable.Bytes(rates.ToUpstreams)}/s to upstreams   {Readable.Bytes(rates.ToClients)}/s to clients";

    private static Table Routes(SnapshotView shown)
    {
        Table table = NewTable("ROUTE / upstream", "state", ">open", ">total", ">failed", ">queued", ">up", ">down");
        foreach (RouteView route in shown.Routes)
        {
            table.AddRow(
                Plain($"{route.Name} {string.Join(' ', route.Endpoints)}"),
                Plain(route.Balancing),
                Number(route.Statistics.Active),
                Number(route.Statistics.Accepted),
                Plain(""),
                Number(route.Queued),
                Plain(Readable.Bytes(route.Statistics.BytesToUpstreams)),
                Plain(Readable.Bytes(route.Statistics.BytesToClients)));
            foreach (UpstreamView upstream in route.Upstreams)
            {
                table.AddRow(
                    Plain($"  {upstream.Address}{(upstream.IsBackup ? "  backup" : "")}"),
                    StateOf(upstream),
                    Plain(upstream.MaxConnections is { } most ? $"{upstream.Connections}/{most}" : Format(upstream.Connections)),
                    Number(upstream.Connected),
                    Number(upstream.Failed),
                    Plain(""),
                    Plain(""),
                    Plain(""));
            }
        }

        return table;
    }

    /// <summary>The health of an upstream, and behind it what an operator has decided about it.</summary>
    private static Text StateOf(UpstreamView upstream)
    {
        bool isUp = upstream.State == nameof(UpstreamState.Up);
        return upstream.Administration == UpstreamView.Ready
            ? Plain(upstream.State, new Style(isUp ? Color.Green : Color.Red))
            : Plain($"{upstream.State}, {UpstreamLine.InWords(upstream.Administration)}", new Style(isUp ? Color.Yellow : Color.Red));
    }

    private static Table Loops(SnapshotView shown, Rates rates)
    {
        Table table = NewTable("LOOP", ">busy", ">longest turn", ">connections", ">watched", ">parked");
        foreach (LoopView loop in shown.Loops)
        {
            table.AddRow(
                Number(loop.Number),
                Plain(Readable.Share(rates.Busy[loop.Number])),
                Plain(Readable.Time(loop.LongestTurnSeconds)),
                Number(loop.Connections),
                Number(loop.Watched),
                Number(loop.Parked));
        }

        return table;
    }

    private static Text Ends(SnapshotView shown)
    {
        string[] ends =
        [
            .. shown.Statistics.Ended.Where(static end => end.Value > 0)
                .OrderByDescending(static end => end.Value)
                .Select(static end => $"{end.Key} {Format(end.Value)}"),
        ];
        return Plain($"ENDED  {(ends.Length == 0 ? "none" : string.Join("   ", ends))}");
    }

    private static Table Connections(SnapshotView shown, ConnectionOrder order, int room, bool isNarrow)
    {
        Table table = isNarrow
            ? NewTable(">ID", "client", "upstream", ">age", ">up", ">down", ">now")
            : NewTable(">CONNECTION", "route", "client", "upstream", "phase", ">age", ">up", ">down", ">now");
        IEnumerable<ConnectionView> sorted = order == ConnectionOrder.Busiest
            ? shown.Connections.OrderByDescending(static one => one.BytesPerSecond).ThenBy(static one => one.Id)
            : shown.Connections.OrderBy(static one => one.Id);
        foreach (ConnectionView connection in sorted.Take(room))
        {
            IRenderable[] route = isNarrow ? [] : [Plain(connection.Route)];
            IRenderable[] phase = isNarrow ? [] : [Plain(connection.Phase)];
            table.AddRow(
            [
                Number(connection.Id),
                .. route,
                Plain(connection.Client ?? "-"),
                Plain(connection.Upstream ?? "-"),
                .. phase,
                Plain(Readable.Time(connection.DurationSeconds)),
                Plain(Readable.Bytes(connection.BytesToUpstream)),
                Plain(Readable.Bytes(connection.BytesToClient)),
                Plain($"{Readable.Bytes(connection.BytesPerSecond)}/s"),
            ]);
        }

        return table;
    }

    /// <summary>A table with a column for each name; names that begin with &gt; mark numbers, which are right-aligned.</summary>
    private static Table NewTable(params string[] columns)
    {
        Table table = new Table().Border(TableBorder.None);
        foreach (string column in columns)
        {
            bool isNumber = column[0] == '>';
            table.AddColumn(new TableColumn(Plain(isNumber ? column[1..] : column, new Style(Color.Grey)))
            {
                Alignment = isNumber ? Justify.Right : Justify.Left,
                NoWrap = isNumber,
                Padding = new Padding(0, 0, 2, 0),
            });
        }

        return table;
    }

    private static Text Number(long value) => Plain(Format(value));

    private static string Format(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static Text Plain(string text, Style? style = null) => new(OneLine.Escape(text), style) { Overflow = Overflow.Ellipsis };
}
