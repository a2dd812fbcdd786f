namespace ProxyCore.Cli.Admin;

/// <summary>A loop.</summary>
internal sealed record LoopView(
    int Number, int Connections, long Selects, int Watched, int Parked, double BusySeconds, double LongestTurnSeconds)
{
    internal static LoopView Of(LoopSnapshot loop) => new(
        loop.Number,
        loop.Connections,
        loop.Selects,
        loop.Watched,
        loop.Parked,
        loop.BusyTime.TotalSeconds,
        loop.LongestTurn.TotalSeconds);
}
