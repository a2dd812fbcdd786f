namespace ProxyCore.Relay.Toxics;

/// <summary>The stage of <see cref="SwallowToxic"/>.</summary>
internal sealed class SwallowStage(in ToxicContext context) : QueueStage(in context)
{
    internal override int Room(TimeSpan now) => IsLetGo ? base.Room(now) : int.MaxValue;

    internal override void Take(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        if (IsLetGo)
        {
            base.Take(bytes, now);
        }
    }

    // The end comes once: were it lost with the bytes, the connection would stay half open after the removal.
    internal override bool IsEndReady(TimeSpan now) => IsLetGo && base.IsEndReady(now);

    internal override void Change(Toxic toxic, TimeSpan now)
    {
    }
}
