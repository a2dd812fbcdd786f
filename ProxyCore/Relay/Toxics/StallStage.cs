namespace ProxyCore.Relay.Toxics;

/// <summary>The stage of <see cref="StallToxic"/>.</summary>
internal sealed class StallStage(in ToxicContext context) : QueueStage(in context)
{
    internal override int Room(TimeSpan now) => IsLetGo ? base.Room(now) : 0;

    internal override bool IsEndReady(TimeSpan now) => IsLetGo && base.IsEndReady(now);

    internal override void Change(Toxic toxic, TimeSpan now)
    {
    }
}
