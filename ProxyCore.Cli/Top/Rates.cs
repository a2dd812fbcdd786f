using ProxyCore.Cli.Admin;

namespace ProxyCore.Cli.Top;

/// <summary>Rates per second between two snapshots. Immutable.</summary>
/// <param name="Accepted">Clients.</param>
/// <param name="ToUpstreams">Bytes.</param>
/// <param name="ToClients">Bytes.</param>
/// <param name="Busy">The part of the time that each loop worked, 0 to 1, by its number.</param>
internal sealed record Rates(double Accepted, double ToUpstreams, double ToClients, IReadOnlyDictionary<int, double> Busy)
{
    /// <summary>Ends, by their reason.</summary>
    internal IReadOnlyDictionary<string, double> Ended { get; init; } = new Dictionary<string, double>();

    /// <summary>Clients that were refused because no upstream could serve them.</summary>
    internal double Refused => Ended.Where(static one => IsForWantOfUpstream(one.Key)).Sum(static one => one.Value);

    /// <summary>All zero when no time has passed, or when the proxy was restarted between the snapshots.</summary>
    internal static Rates Between(SnapshotView before, SnapshotView now)
    {
        double seconds = now.UptimeSeconds - before.UptimeSeconds;
        bool isSameRun = seconds > 0 && now.Statistics.Accepted >= before.Statistics.Accepted;
        double Of(double from, double to) => isSameRun ? Math.Max(0, to - from) / seconds : 0;
        Dictionary<int, double> busyBefore = before.Loops.ToDictionary(static loop => loop.Number, static loop => loop.BusySeconds);
        return new Rates(
            Of(before.Statistics.Accepted, now.Statistics.Accepted),
            Of(before.Statistics.BytesToUpstreams, now.Statistics.BytesToUpstreams),
            Of(before.Statistics.BytesToClients, now.Statistics.BytesToClients),
            now.Loops.ToDictionary(
                static loop => loop.Number,
                loop => Math.Min(1, Of(busyBefore.GetValueOrDefault(loop.Number, loop.BusySeconds), loop.BusySeconds))))
        {
            Ended = now.Statistics.Ended.ToDictionary(
                static end => end.Key,
                end => Of(before.Statistics.Ended.GetValueOrDefault(end.Key), end.Value)),
        };
    }

    // A later version may have reasons that this one does not know.
    private static bool IsForWantOfUpstream(string reason) =>
        Enum.TryParse(reason, out EndReason known) && EndReasons.IsRefusal(known) && !EndReasons.IsRefusedAtTheDoor(known);
}
