namespace ProxyCore.Relay.Toxics;

/// <summary>The stage of <see cref="NoOpToxic"/>.</summary>
internal sealed class NoOpStage(in ToxicContext context) : QueueStage(in context)
{
    internal override void Change(Toxic toxic, TimeSpan now)
    {
    }
}
