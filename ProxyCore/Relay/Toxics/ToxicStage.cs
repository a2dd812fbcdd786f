namespace ProxyCore.Relay.Toxics;

/// <summary>What a toxic does to one direction of one connection.</summary>
internal abstract class ToxicStage : HoldingStage
{
    /// <summary>Goes on as <paramref name="toxic"/> says, which is of the same type.</summary>
    internal abstract void Change(Toxic toxic, TimeSpan now);
}
