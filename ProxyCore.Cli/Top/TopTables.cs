using System.Globalization;
using ProxyCore.Cli.Admin;
using ProxyCore.Cli.Remote;

namespace ProxyCore.Cli.Top;

/// <summary>The tables of the views.</summary>
internal static class TopTables
{
    private const int LeastAddress = 15;
    private const int LeastName = 10;

    /// <summary>The routes with their upstreams below them; what is in trouble comes first.</summary>
    /// <param name="shown">The snapshot.</param>
    /// <param name="troubleOnly">Whether those without trouble are left out.</param>
    internal static TextTable Routes(SnapshotView shown, bool troubleOnly)
    {
        var table = new TextTable(
            new Column("ROUTE / upstream", Rank: 0, Least: 30),
            new Column("state", Rank: 0, Least: 10),
            new Column("open", Rank: 0),
            new Column("queued", Rank: 2),
            new Column("failed", Rank: 3),
            new Column("total", Rank: 4),
            new Column("up", Rank: 5),
            new Column("down", Rank: 5),
            new Column("balancing", Rank: 6, LeastName));
        foreach (RouteView route in WorstFirst(shown.Routes, Trouble.Of, troubleOnly))
        {
            AddRoute(table, route);
            foreach (UpstreamView upstream in WorstFirst(route.Upstreams, Trouble.Of, troubleOnly))
            {
                AddUpstream(table, upstream);
            }
        }

        return table;
    }

    internal static TextTable Connections(SnapshotView shown, ConnectionOrder order)
    {
        var table = new TextTable(
            new Column("ID", Rank: 0),
            new Column("route", Rank: 5, LeastName),
            new Column("client", Rank: 0, LeastAddress),
            new Column("upstream", Rank: 0, LeastAddress),
            new Column("phase", Rank: 4, LeastName),
            new Column("age", Rank: 1),
            new Column("up", Rank: 3),
            new Column("down", Rank: 3),
            new Column("now", Rank: 2));
        IEnumerable<ConnectionView> sorted = order == ConnectionOrder.Busiest
            ? shown.Connections.OrderByDescending(static one => one.BytesPerSecond).ThenBy(static one => one.Id)
            : shown.Connections.OrderBy(static one => one.Id);
        foreach (ConnectionView connection in sorted)
        {
            table.Add(
                Number(connection.Id),
                connection.Route,
                connection.Client ?? "-",
                connection.Upstream ?? "-",
                connection.Phase,
                Readable.Time(connection.DurationSeconds),
                Readable.Bytes(connection.BytesToUpstream),
                Readable.Bytes(connection.BytesToClient),
                $"{Readable.Bytes(connection.BytesPerSecond)}/s");
        }

        return table;
    }

    internal static TextTable Loops(SnapshotView shown, Rates rates)
    {
        var table = new TextTable(
            new Column("LOOP", Rank: 0),
            new Column("busy", Rank: 0),
            new Column("longest turn", Rank: 0),
            new Column("connections", Rank: 0),
            new Column("watched", Rank: 1),
            new Column("parked", Rank: 1));
        foreach (LoopView loop in shown.Loops)
        {
            table.Add(
                Number(loop.Number),
                Readable.Share(rates.Busy.GetValueOrDefault(loop.Number)),
                Readable.Time(loop.LongestTurnSeconds),
                Number(loop.Connections),
                Number(loop.Watched),
                Number(loop.Parked));
        }

        return table;
    }

    /// <summary>Why connections have ended, the most frequent reason first.</summary>
    internal static TextTable Ended(SnapshotView shown, Rates rates)
    {
        var table = new TextTable(new Column("ENDED", Rank: 0, LeastName), new Column("now", Rank: 0), new Column("total", Rank: 0));
        foreach ((string reason, long count) in shown.Statistics.Ended.Where(static end => end.Value > 0).OrderByDescending(static end => end.Value))
        {
            table.Add(reason, Readable.Rate(rates.Ended.GetValueOrDefault(reason)), Number(count));
        }

        return table;
    }

    internal static TextTable Toxics(SnapshotView shown)
    {
        var table = new TextTable(
            new Column("TOXIC", Rank: 0, LeastName),
            new Column("route", Rank: 0, LeastName),
            new Column("", Rank: 0, Least: 3),
            new Column("connections", Rank: 1),
            new Column("ended", Rank: 2),
            new Column("what it does", Rank: 0, Least: 12));
        foreach (ToxicView toxic in ToxicsOf(shown))
        {
            table.Add(
                toxic.Name,
                toxic.Route,
                new Piece(toxic.Enabled ? "on" : "off", toxic.Enabled ? Shade.Warning : Shade.Faint),
                Number(toxic.Connections),
                Number(toxic.EndedConnections),
                toxic.Description);
        }

        return table;
    }

    internal static TextTable Certificates(SnapshotView shown)
    {
        var table = new TextTable(
            new Column("CERTIFICATE", Rank: 0, LeastName),
            new Column("valid for", Rank: 0),
            new Column("names", Rank: 1, LeastName),
            new Column("error", Rank: 2, LeastName));
        foreach (CertificateView certificate in WorstFirst(shown.Certificates, Trouble.Of, troubleOnly: false))
        {
            string left = certificate.LeftSeconds > 0 ? Readable.Time(certificate.LeftSeconds) : "expired";
            table.Add(
                certificate.File,
                new Piece(left, Trouble.ShadeOf(Trouble.Of(certificate))),
                string.Join(", ", certificate.Names),
                new Piece(certificate.Error ?? "", Shade.Bad));
        }

        return table;
    }

    internal static IEnumerable<ToxicView> ToxicsOf(SnapshotView shown) => shown.Routes.SelectMany(static route => route.Toxics ?? []);

    private static void AddRoute(TextTable table, RouteView route)
    {
        int upstreams = route.Upstreams.Count();
        int serving = route.Upstreams.Count(Trouble.IsServing);
        table.Add(
            new Piece($"{route.Name} {string.Join(' ', route.Endpoints)}", Shade.Strong),
            new Piece($"{serving} of {upstreams} up", Trouble.ShadeOf(Trouble.Of(route))),
            Number(route.Statistics.Active),
            new Piece(Format(route.Queued), route.Queued > 0 ? Shade.Warning : Shade.Plain),
            "",
            Number(route.Statistics.Accepted),
            Readable.Bytes(route.Statistics.BytesToUpstreams),
            Readable.Bytes(route.Statistics.BytesToClients),
            route.Balancing);
    }

    private static void AddUpstream(TextTable table, UpstreamView upstream) => table.Add(
        $"  {upstream.Address}{(upstream.IsBackup ? " backup" : "")}",
        new Piece(StateOf(upstream), Trouble.ShadeOf(Trouble.Of(upstream))),
        upstream.MaxConnections is { } most ? $"{upstream.Connections}/{most}" : Format(upstream.Connections),
        "",
        Number(upstream.Failed),
        Number(upstream.Connected),
        "",
        "",
        "");

    /// <summary>The health of an upstream, and behind it what an operator has decided about it.</summary>
    private static string StateOf(UpstreamView upstream) => upstream.Administration == UpstreamView.Ready
        ? upstream.State
        : $"{upstream.State}, {UpstreamLine.InWords(upstream.Administration)}";

    private static IEnumerable<T> WorstFirst<T>(IEnumerable<T> all, Func<T, Severity> severityOf, bool troubleOnly) =>
        all.Where(one => !troubleOnly || severityOf(one) > Severity.None).OrderByDescending(severityOf);

    private static Piece Number(long value) => Format(value);

    private static string Format(long value) => value.ToString(CultureInfo.InvariantCulture);
}
