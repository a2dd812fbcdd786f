using ProxyCore.Cli.Admin;

namespace ProxyCore.Cli.Top;

/// <summary>A snapshot as lines of text. What others have named has no effect on a terminal: see <see cref="Piece"/>.</summary>
/// <param name="shown">The snapshot.</param>
/// <param name="rates">The rates of the second before it.</param>
/// <param name="failure">Why there is no newer snapshot; null if it is the newest.</param>
internal sealed class TopScreen(SnapshotView shown, Rates rates, string? failure)
{
    private const string Gap = "   ";
    private const int FewestRows = 3;

    /// <summary>The views that have something to show.</summary>
    internal IReadOnlyList<TopView> Views { get; } =
    [
        TopView.Routes,
        TopView.Connections,
        TopView.Loops,
        TopView.Ended,
        .. TopTables.ToxicsOf(shown).Any() ? [TopView.Toxics] : (TopView[])[],
        .. shown.Certificates.Any() ? [TopView.Certificates] : (TopView[])[],
    ];

    /// <summary>Whether there is no newer snapshot.</summary>
    internal bool IsOld => failure is not null;

    /// <summary>The same when there is no newer snapshot, for <paramref name="cause"/>.</summary>
    internal TopScreen After(string cause) => new(shown, rates, cause);

    /// <summary>One view after the other, on as many lines as they need.</summary>
    internal IEnumerable<ScreenLine> All(int width, ConnectionOrder order)
    {
        foreach (ScreenLine line in Head(width))
        {
            yield return line;
        }

        foreach (TopView view in Views)
        {
            yield return ScreenLine.Empty;
            foreach (ScreenLine line in TableOf(view, order, troubleOnly: false).Lines(width))
            {
                yield return line;
            }
        }
    }

    /// <summary>The view that is chosen, on a screen: exactly <paramref name="height"/> lines, the last of which has the keys.</summary>
    internal IReadOnlyList<ScreenLine> Draw(TopState state, int width, int height)
    {
        state.Keep(Views);
        TextTable table = TableOf(state.View, state.Order, state.ShowsTroubleOnly);
        List<ScreenLine> top = [.. Head(width)];

        // Above the rows are the names of the views and the heading of the table, below them the keys.
        ScreenLine[] tabs = [.. Tabs(state.View, width)];
        int around = tabs.Length + 2;
        int room = Math.Max(0, height - top.Count - around);
        if (room < FewestRows)
        {
            top.RemoveRange(0, Math.Min(top.Count, FewestRows - room));
            room = Math.Max(0, height - top.Count - around);
        }

        state.Clamp(table.Rows, room);
        List<ScreenLine> lines = [.. top, .. tabs, .. table.Lines(width, state.FirstRow, room)];
        lines.AddRange(Enumerable.Repeat(ScreenLine.Empty, Math.Max(0, height - 1 - lines.Count)));
        ScreenLine keys = Keys(state, table.Rows, room).Cut(width);
        return [.. lines.Take(height - 1), keys];
    }

    private TextTable TableOf(TopView view, ConnectionOrder order, bool troubleOnly) => view switch
    {
        TopView.Connections => TopTables.Connections(shown, order),
        TopView.Loops => TopTables.Loops(shown, rates),
        TopView.Ended => TopTables.Ended(shown, rates),
        TopView.Toxics => TopTables.Toxics(shown),
        TopView.Certificates => TopTables.Certificates(shown),
        _ => TopTables.Routes(shown, troubleOnly),
    };

    private IEnumerable<ScreenLine> Head(int width)
    {
        Piece[] proxy =
        [
            new($"proxycore {shown.Version}", Shade.Strong),
            shown.State,
            $"up {Readable.Time(shown.UptimeSeconds)}",
            $"{shown.Statistics.Active} of {shown.MaxConnections} connections",
            $"{Readable.Rate(rates.Accepted)} new",
            $"{Readable.Bytes(rates.ToUpstreams)}/s to upstreams",
            $"{Readable.Bytes(rates.ToClients)}/s to clients",
        ];
        IReadOnlyList<Piece> trouble = failure is null
            ? Trouble.Summary(shown, rates)
            : [new Piece($"{failure}; trying again", Shade.Bad)];
        return [.. ScreenLine.Wrap(proxy, Gap, width), .. ScreenLine.Wrap(trouble, Gap, width)];
    }

    private IEnumerable<ScreenLine> Tabs(TopView chosen, int width) => ScreenLine.Wrap(
        Views.Select((view, index) => view == chosen
            ? new Piece($"[{index + 1} {view}]", Shade.Strong)
            : new Piece($"{index + 1} {view}", Shade.Faint)),
        "  ",
        width);

    /// <summary>The keys and where the rows are, in this order, so that a narrow terminal cuts only the rest.</summary>
    private ScreenLine Keys(TopState state, int rows, int room)
    {
        string ofView = state.View switch
        {
            TopView.Routes => state.ShowsTroubleOnly ? "  t all" : "  t trouble",
            TopView.Connections => state.Order == ConnectionOrder.Busiest ? "  s oldest" : "  s busiest",
            _ => "",
        };
        string place = rows > room ? $"  {state.FirstRow + 1}-{Math.Min(rows, state.FirstRow + room)}/{rows}" : "";
        return new ScreenLine(new Piece($"q quit  1-{Views.Count} view  ↑↓ PgDn scroll{ofView}{place}", Shade.Faint));
    }
}
